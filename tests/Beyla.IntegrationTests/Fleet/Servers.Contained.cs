namespace Beyla.IntegrationTests.Fleet;

/// <summary>Servers that see files which nobody else sees, as in containers.</summary>
internal static partial class Servers
{
    private static readonly Tool UnshareTool = new("unshare", "util-linux");

    /// <summary>The Python server with copies of its TLS library on a file system that its own mount namespace alone has; others see no file there.</summary>
    public static ServerKind WithPrivateLibrary => Unshared(
        Python.Secure,
        "private-library",
        """
        mkdir "$1/private"
        mount -t tmpfs tmpfs "$1/private"
        cp /usr/lib/x86_64-linux-gnu/libssl.so.3 /usr/lib/x86_64-linux-gnu/libcrypto.so.3 "$1/private"
        export LD_LIBRARY_PATH="$1/private"
        shift
        exec "$@"
        """);

    /// <summary>A server in a root of its own, an overlay of this machine's: files that it does not change are the machine's.</summary>
    /// <param name="kind">The server.</param>
    /// <param name="change">A command that is called in its root before the server.</param>
    public static ServerKind Contained(ServerKind kind, string change = "true") => Unshared(
        kind,
        "contained",
        $$"""
        mkdir "$1/layers" "$1/root"
        mount -t tmpfs tmpfs "$1/layers"
        mkdir "$1/layers/upper" "$1/layers/work"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layers/upper,workdir=$1/layers/work" "$1/root"
        mount --bind "$1" "$1/root$1"
        mount --bind "{{AppContext.BaseDirectory}}" "$1/root{{AppContext.BaseDirectory}}"
        mount -t proc proc "$1/root/proc"
        mount --rbind /dev "$1/root/dev"
        chroot "$1/root" {{change}}
        root="$1/root"
        shift
        exec chroot "$root" "$@"
        """);

    /// <param name="kind">The server.</param>
    /// <param name="how">Said in its name.</param>
    /// <param name="script">Makes of the namespace what is wanted and becomes the server: its arguments are the server's directory and command.</param>
    private static ServerKind Unshared(ServerKind kind, string how, string script) => kind with
    {
        Name = $"{kind.Name}-{how}",
        Tools = [.. kind.Tools, UnshareTool],
        PrepareAsync = async (context, cancellationToken) =>
        {
            var spec = await kind.PrepareAsync(context, cancellationToken);
            return spec with
            {
                Executable = Tooling.Require(UnshareTool),
                Arguments = ["--mount", "--", "/bin/sh", "-e", "-c", script, "container", context.Directory, spec.Executable, .. spec.Arguments],
            };
        },
    };
}
