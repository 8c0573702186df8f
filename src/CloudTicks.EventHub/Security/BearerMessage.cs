using System.Text;

namespace CloudTicks.EventHub.Security;

/// <summary>
/// A client's first message of SASL OAUTHBEARER (RFC 7628): <c>n,[a=name],^Aauth=Bearer TOKEN^A[key=value^A...]^A</c>, where ^A is byte 1.
/// </summary>
internal readonly record struct BearerMessage(string AuthorizationId, string Token)
{
    private const int MaxLength = 16 * 1024;
    private const char Separator = '\u0001';
    private const string Header = "n,";
    private const string Auth = "auth=";
    private const string Scheme = "Bearer ";

    public static bool TryParse(ReadOnlySpan<byte> bytes, out BearerMessage message)
    {
        message = default;
        if (bytes.Length > MaxLength || !Ascii.IsValid(bytes))
        {
            return false;
        }

        // The message ends with two separators, so the last two parts are empty.
        if (Encoding.ASCII.GetString(bytes).Split(Separator) is not [var header, .. var pairs, "", ""]
            || !TryReadHeader(header, out var authorizationId))
        {
            return false;
        }

        var credentials = pairs.Where(static pair => pair.StartsWith(Auth, StringComparison.Ordinal)).ToArray();
        if (credentials is not [{ } credential] || !credential.AsSpan(Auth.Length).StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        message = new BearerMessage(authorizationId, credential[(Auth.Length + Scheme.Length)..].Trim(' '));
        return true;
    }

    /// <summary>The name without the token.</summary>
    public override string ToString() => AuthorizationId;

    private static bool TryReadHeader(string header, out string authorizationId)
    {
        authorizationId = "";
        if (!header.StartsWith(Header, StringComparison.Ordinal) || !header.EndsWith(',') || header.Length <= Header.Length)
        {
            return false;
        }

        var name = header[Header.Length..^1];
        authorizationId = name.StartsWith("a=", StringComparison.Ordinal) ? name[2..] : "";
        return name.Length == 0 || authorizationId.Length > 0;
    }
}
