using System.Security.Cryptography;
using System.Text;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Compiles programs of the fleet, once for each content of the source and each command.</summary>
internal static class CompiledPrograms
{
    /// <param name="source">The source file that gives it its name.</param>
    /// <param name="compiler">What compiles it.</param>
    /// <param name="arguments">Makes the arguments of source and output directory.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <param name="others">Source files besides that the arguments name.</param>
    /// <returns>The directory with the compiler's output.</returns>
    public static async Task<string> GetAsync(
        string source, string compiler, Func<string, string, IReadOnlyList<string>> arguments, CancellationToken cancellationToken, params string[] others)
    {
        var directory = Path.Combine(FleetFiles.Cache, $"{Path.GetFileNameWithoutExtension(source)}-{Key([source, .. others], compiler, arguments(source, ""))}");
        if (Directory.Exists(directory))
        {
            return directory;
        }

        // A compiler that fails or is stopped half-way leaves nothing that looks finished.
        var unfinished = Directory.CreateDirectory($"{directory}.{Environment.ProcessId}").FullName;
        try
        {
            await using var process = await TargetProcess.StartAsync(new ProcessSpec(compiler, arguments(source, unfinished)));
            var code = await process.WaitForExitAsync(cancellationToken);
            if (code != 0)
            {
                throw new InvalidOperationException($"{compiler} ended with {code}:\n{process.Output}");
            }

            Directory.Move(unfinished, directory);
            return directory;
        }
        catch
        {
            Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    private static string Key(string[] sources, string compiler, IReadOnlyList<string> arguments)
    {
        byte[] input = [.. sources.SelectMany(File.ReadAllBytes), .. Encoding.UTF8.GetBytes(string.Join('\0', [compiler, .. arguments]))];
        return Convert.ToHexStringLower(SHA256.HashData(input))[..16];
    }
}
