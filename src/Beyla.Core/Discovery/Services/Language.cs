using System.Collections.Immutable;

namespace Beyla.Discovery.Services;

/// <summary>The values of <c>telemetry.sdk.language</c> that are told from outside.</summary>
internal static class Language
{
    internal const string Cpp = "cpp";
    internal const string DotNet = "dotnet";
    internal const string Generic = "generic";
    internal const string Go = "go";
    internal const string Java = "java";
    internal const string NodeJs = "nodejs";
    internal const string Php = "php";
    internal const string Python = "python";
    internal const string Ruby = "ruby";
    internal const string Rust = "rust";

    internal static ImmutableArray<string> All { get; } = [Go, Java, DotNet, Python, Ruby, NodeJs, Rust, Php, Cpp, Generic];
}
