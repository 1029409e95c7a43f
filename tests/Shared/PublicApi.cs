using System.Reflection;
using System.Runtime.CompilerServices;
using PublicApiGenerator;

namespace Beyla.Tests.Shared;

/// <summary>
/// Compares an assembly's public API with the one that was approved, tests/PublicApi/NAME.approved.txt. After a change that
/// is meant: run the tests with BEYLA_APPROVE=1 and commit the file.
/// </summary>
internal static class PublicApi
{
    public static void ExpectApproved(Assembly assembly, [CallerFilePath] string caller = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(caller)!, "..", "PublicApi");
        var file = Path.GetFullPath(Path.Combine(folder, $"{assembly.GetName().Name}.approved.txt"));
        var api = assembly.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            UseDenyNamespacePrefixesForExtensionMethods = false,
            DenyNamespacePrefixes = [],
        });
        if (Environment.GetEnvironmentVariable("BEYLA_APPROVE") == "1")
        {
            File.WriteAllText(file, api + "\n");
        }

        Assert.True(File.Exists(file), $"{file} is missing; run with BEYLA_APPROVE=1 to make it.");
        Assert.Equal(File.ReadAllText(file).TrimEnd(), api.TrimEnd());
    }
}
