using System.Text;

namespace CloudTicks.EventHub.Security;

/// <summary>
/// The SASL PLAIN message of a client (RFC 4616): <c>[authorization id] NUL name NUL password</c>, in UTF-8. Clients of Event Hubs send the
/// user <c>$ConnectionString</c> and, as the password, a connection string that contains the name and the password.
/// </summary>
internal readonly record struct PlainToken(string Name, string Password)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static bool TryParse(ReadOnlySpan<byte> bytes, out PlainToken token)
    {
        token = default;
        string[] parts;
        try
        {
            parts = StrictUtf8.GetString(bytes).Split('\0');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }

        // Impersonation is not supported: the authorization id must be empty or the user's own name.
        if (parts is not [var authorizationId, { Length: > 0 } name, { Length: > 0 } password]
            || (authorizationId.Length > 0 && authorizationId != name))
        {
            return false;
        }

        token = new PlainToken(name, password);
        return name != UserTable.ConnectionStringUser || TryParseConnectionString(password, out token);
    }

    /// <summary>The user's name without the password.</summary>
    public override string ToString() => Name;

    private static bool TryParseConnectionString(string text, out PlainToken token)
    {
        string? name = null;
        string? key = null;
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            var value = part[(equals + 1)..].Trim();
            switch (part[..equals].TrimEnd().ToUpperInvariant())
            {
                case "SHAREDACCESSKEYNAME":
                    name = value;
                    break;
                case "SHAREDACCESSKEY":
                    key = value;
                    break;
            }
        }

        token = new PlainToken(name ?? "", key ?? "");
        return token.Name.Length > 0 && token.Password.Length > 0;
    }
}
