namespace Beyla;

/// <summary>Which attributes metrics, spans and resources carry.</summary>
public sealed class AttributeOptions
{
    /// <summary>
    /// What is added to the standard attributes and what is left out, applied in the order of the sections' names, so that
    /// <c>*</c> comes first. Empty: the standard attributes of each metric and span.
    /// </summary>
    public IList<AttributeSelection> Select { get; } = [];

    /// <summary>
    /// Names of query parameters whose values are replaced by <c>REDACTED</c> wherever a query is shown. A name in the query is
    /// percent-decoded before it is compared; case matters. Filled with those of the OpenTelemetry conventions and of Beyla; add or remove.
    /// </summary>
    public IList<string> SensitiveQueryParameters { get; } =
    [
        "AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature",
        "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "SecurityToken",
        "token", "access_token", "refresh_token", "id_token", "jwt", "session", "sid", "signature", "api_key", "apikey",
        "client_secret", "secret", "password", "pass", "pwd", "reset_token", "invite_token", "verify_token", "otp", "totp",
        "mfa_code", "verification_code", "SAMLResponse", "assertion", "card", "cc", "pan", "cvv", "ssn", "tax_id",
    ];

    internal void Validate(string section, ICollection<string> errors)
    {
        for (var i = 0; i < Select.Count; i++)
        {
            Select[i].Validate($"{section}.{nameof(Select)}[{i}]", errors);
        }

        for (var i = 0; i < SensitiveQueryParameters.Count; i++)
        {
            if (string.IsNullOrEmpty(SensitiveQueryParameters[i]))
            {
                errors.Add($"{section}.{nameof(SensitiveQueryParameters)}[{i}] is empty: give the name of a query parameter, or leave it out.");
            }
        }
    }
}
