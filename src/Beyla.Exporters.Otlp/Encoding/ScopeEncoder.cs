namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>The instrumentation scope of everything that is exported.</summary>
internal static class ScopeEncoder
{
    internal static void Write(ProtobufBuffer output, int field)
    {
        var scope = output.Begin(field);
        output.Text(1, BeylaInstrumentation.ActivitySourceName);
        output.Text(2, BeylaInstrumentation.Version);
        output.End(scope);
    }
}
