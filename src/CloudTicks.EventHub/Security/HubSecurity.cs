using System.Net;
using System.Net.Security;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>
/// How clients authenticate. If both client certificates and logins are configured, a client needs both. A login uses a password or a
/// token.
/// </summary>
internal sealed record HubSecurity(UserTable? Users, SslServerAuthenticationOptions? Tls, KeySource? TokenKeys)
{
    /// <summary>Reads users and certificates before any other part of the event hub starts.</summary>
    /// <exception cref="HubStartException">
    /// A file or a setting is not valid, or unauthenticated clients could connect from the network.
    /// </exception>
    public static HubSecurity Load(EventHubOptions options, ILogger logger)
    {
        var users = options.Users.ToList();
        if (options.UsersFile.Length > 0)
        {
            users.AddRange(UserFile.Read(options.UsersFile));
            if (UserFile.IsOpenToOthers(options.UsersFile))
            {
                logger.SecretsReadable(options.UsersFile);
            }
        }

        var security = new HubSecurity(users.Count > 0 ? new UserTable(users) : null, TlsFiles.Load(options), TokenKeysOf(options));
        if (security.Users is null && security.TokenKeys is null && security.Tls?.ClientCertificateRequired != true)
        {
            return IPAddress.IsLoopback(IPAddress.Parse(options.Listen)) ? security : throw new HubStartException(
                $"The event hub does not listen on {options.Listen} without a login: configure users (--users-file FILE, or "
                    + "EventHub__Users__0__Name and EventHub__Users__0__Password in the environment) or a token issuer "
                    + "(EventHub__TokenIssuer), or require client certificates "
                    + "(--tls-certificate, --tls-key, --tls-client-ca), or listen on 127.0.0.1.");
        }

        security.LogLogins(options.Listen, logger);
        return security;
    }

    private static KeySource? TokenKeysOf(EventHubOptions options)
    {
        string[] required = [options.TokenIssuer, options.TokenAudience, options.TokenKeys];
        return required.All(setting => setting.Length == 0) ? null
            : required.All(setting => setting.Length > 0) ? new KeySource(options.TokenKeys)
            : throw new HubStartException(
                "Token logins need all of EventHub__TokenIssuer, EventHub__TokenAudience and EventHub__TokenKeys.");
    }

    private void LogLogins(string listen, ILogger logger)
    {
        var logins = new[]
        {
            Users is { } users ? $"the password of one of {users.Count} users (SASL PLAIN)" : null,
            TokenKeys is not null ? $"a token signed by a key of {TokenKeys} (SASL OAUTHBEARER)" : null,
        };
        logger.LoginRequired(string.Join(" and ", new[]
        {
            string.Join(" or ", logins.OfType<string>()) is { Length: > 0 } login ? login : null,
            Tls?.ClientCertificateRequired == true ? "a client certificate" : null,
        }.OfType<string>()));
        if ((Users is not null || TokenKeys is not null) && Tls is null && !IPAddress.IsLoopback(IPAddress.Parse(listen)))
        {
            logger.PasswordsInTheClear(listen);
        }
    }
}
