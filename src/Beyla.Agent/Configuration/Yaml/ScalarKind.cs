namespace Beyla.Agent.Configuration.Yaml;

/// <summary>What a scalar is in JSON, and so whether it needs quotes.</summary>
internal enum ScalarKind
{
    Null,
    Boolean,
    Number,
    Text,
}
