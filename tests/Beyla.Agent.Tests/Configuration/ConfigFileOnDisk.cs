using System.Text;

namespace Beyla.Agent.Tests.Configuration;

/// <summary>A configuration file, until disposal.</summary>
internal sealed class ConfigFileOnDisk : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("beyla-config-").FullName;

    internal ConfigFileOnDisk(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }

    internal ConfigFileOnDisk(byte[] content)
    {
        Path = System.IO.Path.Combine(_directory, Configured.File);
        File.WriteAllBytes(Path, content);
    }

    internal string Path { get; }

    /// <summary>The same without the directory of the file.</summary>
    internal string Shorten(string message) => message.Replace(_directory + "/", "", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
