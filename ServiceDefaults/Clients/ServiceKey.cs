using System.Text;
using ServiceDefaults.Access;

namespace ServiceDefaults.Clients;

/// <summary>The key of a caller of our services: where it comes from, how it travels, and where it may not.</summary>
public static class ServiceKey
{
    /// <summary>The header that carries a key, as Azure Functions has it. A key is never part of a URL.</summary>
    public const string Header = "x-functions-key";

    /// <summary>The environment variable with the key of a service or of the command line.</summary>
    public const string Variable = "CLOUDTICKS_HUB_KEY";

    /// <summary>The key of the environment: it is in no file, and on no command line.</summary>
    public static string? OfEnvironment() =>
        Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } key ? key : null;

    /// <summary>Whether a key may be sent to a server: by TLS, or inside this machine; anybody on the way could read it else.</summary>
    public static bool MayTravelTo(Uri server) => server.Scheme == Uri.UriSchemeHttps || LocalRule.IsLoopbackName(server.Host);

    /// <summary>Refuses a server to which a key would travel in clear. Every client does: a key is never left out in silence.</summary>
    /// <param name="name">What names the address: a setting, an option, or the server.</param>
    /// <exception cref="FormatException">The key would travel in clear.</exception>
    public static Uri RequireSafe(Uri server, string name) =>
        MayTravelTo(server) ? server : throw new FormatException(Refusal(server, name));

    /// <summary>Refuses a text that no header can carry; it is not repeated.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public static string RequireKey(string key) => Ascii.IsValid(key) && !key.Any(char.IsControl)
        ? key
        : throw new FormatException($"What is in {Variable} is no key.");

    /// <summary>The sentence of <see cref="RequireSafe"/>.</summary>
    public static string Refusal(Uri server, string name) =>
        $"{name} is {server.GetLeftPart(UriPartial.Authority)}, where keys would travel in clear: "
            + $"write https://{server.Authority}, or use a server of this machine.";
}
