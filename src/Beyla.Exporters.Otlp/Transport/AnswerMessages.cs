namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The messages that a collector answers with.</summary>
internal static class AnswerMessages
{
    private const int MaxText = 300;

    /// <summary>
    /// Partial success of an <c>Export…ServiceResponse</c>: both signals have it in field 1, with the number of rejected
    /// items in 1 and a message in 2.
    /// </summary>
    internal static (long Rejected, string Message) PartialSuccess(ReadOnlySpan<byte> response)
    {
        var rejected = 0L;
        var message = "";
        var fields = new ProtobufReader(response);
        while (fields.Read())
        {
            if (fields.Field != 1)
            {
                continue;
            }

            var partial = new ProtobufReader(fields.Content);
            while (partial.Read())
            {
                rejected = partial.Field == 1 ? (long)partial.Number : rejected;
                message = partial.Field == 2 ? Text(partial.Content) : message;
            }
        }

        return (Math.Max(0, rejected), message);
    }

    /// <summary>The pause that a <c>google.rpc.Status</c> asks for by a <c>google.rpc.RetryInfo</c>; <see langword="null"/> when it has none.</summary>
    internal static TimeSpan? RetryDelay(ReadOnlySpan<byte> status)
    {
        var fields = new ProtobufReader(status);
        while (fields.Read())
        {
            if (fields.Field == 3 && RetryInfo(fields.Content) is { } delay)
            {
                return delay;
            }
        }

        return null;
    }

    /// <summary>The message of a <c>google.rpc.Status</c>; empty when there is none.</summary>
    internal static string StatusMessage(ReadOnlySpan<byte> status)
    {
        var fields = new ProtobufReader(status);
        while (fields.Read())
        {
            if (fields.Field == 2)
            {
                return Text(fields.Content);
            }
        }

        return "";
    }

    /// <summary>Text for a log line: bounded, and without control characters, since a stranger wrote it.</summary>
    internal static string Text(ReadOnlySpan<byte> utf8)
    {
        var text = System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxText)]);
        return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
    }

    private static TimeSpan? RetryInfo(ReadOnlySpan<byte> any)
    {
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> value = default;
        var fields = new ProtobufReader(any);
        while (fields.Read())
        {
            if (fields.Field == 1)
            {
                type = fields.Content;
            }
            else if (fields.Field == 2)
            {
                value = fields.Content;
            }
        }

        if (!type.EndsWith("google.rpc.RetryInfo"u8))
        {
            return null;
        }

        var info = new ProtobufReader(value);
        while (info.Read())
        {
            if (info.Field == 1)
            {
                return Duration(info.Content);
            }
        }

        return TimeSpan.Zero;
    }

    private static TimeSpan Duration(ReadOnlySpan<byte> duration)
    {
        double seconds = 0;
        var fields = new ProtobufReader(duration);
        while (fields.Read())
        {
            seconds += fields.Field switch
            {
                1 => (long)fields.Number,
                2 => (int)fields.Number / 1e9,
                _ => 0,
            };
        }

        return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds));
    }
}
