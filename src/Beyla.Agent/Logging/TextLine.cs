using System.Text;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent.Logging;

/// <summary>An event as a line of text.</summary>
internal static class TextLine
{
    internal static string Of(DateTimeOffset time, LogLevel level, string category, int eventId, string message)
    {
        var text = new StringBuilder($"{time:yyyy-MM-dd HH:mm:ss.fff} {LevelName.Of(level)} {category}[{eventId}] ");
        // Names of executables and services are anyone's; they must not forge lines or drive a terminal.
        foreach (var character in message.ReplaceLineEndings("; "))
        {
            text.Append(char.IsControl(character) ? '?' : character);
        }

        return text.ToString();
    }
}
