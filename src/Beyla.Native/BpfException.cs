using System.Text;

namespace Beyla.Native;

/// <summary>The kernel or libbpf refused something. The message says what, why, and the way out.</summary>
public class BpfException : Exception
{
    /// <summary>Describes a refusal.</summary>
    /// <param name="operation">What was tried, as a verb: <c>load the object</c>.</param>
    /// <param name="objectName">Name of the object, program or map.</param>
    /// <param name="errno">Positive error number of Linux or libbpf; 0 when there is none.</param>
    /// <param name="hint">The way out; <see langword="null"/> when none is known.</param>
    /// <param name="verifierLog">All that the verifier said.</param>
    /// <param name="detail">What libbpf said besides.</param>
    public BpfException(string operation, string objectName, int errno, string? hint = null, string? verifierLog = null, string? detail = null)
        : base(Compose(operation, objectName, errno, hint, verifierLog, detail))
    {
        Operation = operation;
        ObjectName = objectName;
        Errno = errno;
        Hint = hint;
        VerifierLog = verifierLog;
    }

    /// <summary>What was tried, as a verb.</summary>
    public string Operation { get; }

    /// <summary>Name of the object, program or map.</summary>
    public string ObjectName { get; }

    /// <summary>Positive error number of Linux or libbpf; 0 when there is none.</summary>
    public int Errno { get; }

    /// <summary>The way out; <see langword="null"/> when none is known.</summary>
    public string? Hint { get; }

    /// <summary>All that the verifier said; <see langword="null"/> when it was not the verifier. The message has two lines of it.</summary>
    public string? VerifierLog { get; }

    internal static BpfException FromErrno(string operation, string name, int errno, LibBpfLog? log = null) =>
        new(operation, name, errno, ErrnoHint.For(errno, HintContext.Current(), log?.VerifierLog), log?.VerifierLog, log?.Warnings);

    /// <summary>libbpf's integer results are a value, or the error number negated.</summary>
    internal static int ThrowIfNegative(int result, string operation, string name, LibBpfLog? log = null) =>
        result >= 0 ? result : throw FromErrno(operation, name, -result, log);

    private static string Compose(string operation, string objectName, int errno, string? hint, string? verifierLog, string? detail)
    {
        var message = new StringBuilder().Append("Cannot ").Append(operation).Append(" '").Append(objectName).Append('\'');
        if (errno != 0)
        {
            message.Append(": ").Append(Native.Errno.Describe(errno));
        }

        message.Append('.');
        if (!string.IsNullOrEmpty(verifierLog))
        {
            message.Append("\nVerifier: ").Append(VerifierSummary.Of(verifierLog));
        }

        if (!string.IsNullOrEmpty(detail))
        {
            message.Append("\nlibbpf: ").Append(detail.Replace("\n", "\nlibbpf: ", StringComparison.Ordinal));
        }

        if (!string.IsNullOrEmpty(hint))
        {
            message.Append("\nWay out: ").Append(hint);
        }

        return message.ToString();
    }
}
