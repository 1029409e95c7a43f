using System.Globalization;
using System.Runtime.CompilerServices;
using Beyla.Capture;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>
/// A connection in a file of Corpus/, line by line: <c>#</c> what it is; <c>&gt;</c> and <c>&lt;</c> what the client and the server write,
/// in hexadecimal; <c>=</c> what is seen of it; <c>!</c> what is counted; <c>~</c> a path that is in it as well. Recorded between
/// real programs, or made up to break rules. After a change that is meant, BEYLA_APPROVE=1 writes the lines with = and ! anew.
/// </summary>
internal sealed class CorpusFile
{
    private const SocketEnd End = SocketEnd.Closed;

    private readonly string _path;
    private readonly string[] _lines;

    private CorpusFile(string path)
    {
        _path = path;
        _lines = File.ReadAllLines(path);
        foreach (var line in _lines.Where(static line => line[0] is '>' or '<'))
        {
            var bytes = Convert.FromHexString(line[2..]);
            _ = line[0] == '>' ? Conversation.Request(bytes) : Conversation.Response(bytes);
        }
    }

    internal static string[] Names { get; } = [.. Directory.GetFiles(Folder()).Select(static file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    internal Conversation Conversation { get; } = new(SocketDirection.Received);

    /// <summary>What is seen and counted.</summary>
    internal IEnumerable<string> Expected => _lines.Where(static line => line[0] is '=' or '!');

    /// <summary>Whether all of it is as the rules say.</summary>
    internal bool IsRegular => !_lines.Any(static line => line[0] == '!');

    internal static CorpusFile Open(string name) => new(Path.Combine(Folder(), $"{name}.txt"));

    /// <summary>What is seen of packets, in the form of <see cref="Expected"/>.</summary>
    internal static string[] Describe(IEnumerable<Packet> packets)
    {
        var observer = Observe(packets);
        var counters = observer.Counters;
        (string Name, long Count)[] counts =
        [
            ("malformed", counters.Malformed), ("lost sync", counters.LostSync), ("gaps", counters.Gaps), ("truncated", counters.TruncatedHeads),
            ("incomplete", counters.IncompleteHeads), ("unpaired", counters.UnpairedResponses), ("dropped", counters.DroppedRequests), ("not mine", counters.NotMineConnections),
        ];
        return
        [
            .. observer.Exchanges.Select(static seen => $"= {seen.Summary}"),
            .. observer.Calls.Select(static seen => $"= {seen.Summary}"),
            .. counts.Where(static count => count.Count > 0).Select(static count => string.Create(CultureInfo.InvariantCulture, $"! {count.Name} {count.Count}")),
        ];
    }

    /// <summary>Follows packets to the connection's end, after which nothing may be waited for.</summary>
    internal static Observer Observe(IEnumerable<Packet> packets)
    {
        var observer = Observer.Of(packets).End(End, long.MaxValue);
        observer.Connection.OnIdle(long.MaxValue, observer);
        Assert.False(observer.Connection.AwaitsIdle);
        return observer;
    }

    /// <summary>Every path that was seen was sent.</summary>
    internal void CheckPaths(Observer observer)
    {
        string[] sent =
        [
            .. _lines.Where(static line => line[0] == '~').Select(static line => line[2..]),
            .. _lines.Where(static line => line[0] == '=').SelectMany(static line => line.Split(' ')).Where(static word => word.StartsWith('/')),
        ];
        Assert.All(observer.Exchanges, seen => Assert.True(seen.Path is null or "" || sent.Contains(seen.Path), seen.Summary));
        Assert.All(observer.Calls, seen => Assert.True(seen.Path.Length == 0 || sent.Contains(seen.Path), seen.Summary));
    }

    internal void Approve() => File.WriteAllLines(_path, _lines.Where(static line => line[0] is not ('=' or '!')).Concat(Describe(Conversation.ToPackets())));

    private static string Folder([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "Corpus");
}
