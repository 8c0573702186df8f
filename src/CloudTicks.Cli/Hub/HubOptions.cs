using System.CommandLine;
using System.CommandLine.Parsing;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Hub;

internal static class HubOptions
{
    public const string Variable = "CLOUDTICKS_HUB";

    public static readonly Uri DefaultHub = new("http://127.0.0.1:7000/");

    public static readonly Uri DefaultCollector = new("http://127.0.0.1:8000/");

    public static readonly Option<Uri?> Address = new("--hub")
    {
        Description = $"The central hub's host and port [default: {Variable}, else AppHost's, else 127.0.0.1:7000]",
        CustomParser = result => ParseText(result.Tokens[0].Value, "--hub", result),
        HelpName = "host:port",
    };

    /// <summary>Whether to print the hub's JSON instead of text.</summary>
    public static readonly Option<bool> Json =
        new("--json") { Description = "Print JSON, also for a refusal" };

    public static readonly Option<string> Color = ColorOption();

    public static readonly Option<string?> Comment =
        new("--comment", "-m") { Description = "The reason, for the history", HelpName = "text" };

    public static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show what would change, and change nothing" };

    public static readonly Option<bool> Force =
        new("--force") { Description = "Accept symbols that do not fit their market's format or that are not in the reference data" };

    private static Option<string> ColorOption()
    {
        var option = new Option<string>("--color")
        {
            Description = "When to use colours; auto means on a terminal, unless NO_COLOR is set",
            DefaultValueFactory = _ => "auto",
            HelpName = "when",
        };
        return option.AcceptOnlyFromAmong("auto", "always", "never");
    }

    /// <summary>Reads <c>host:port</c>, <c>http://...</c> or <c>https://...</c>.</summary>
    /// <returns>The address with a trailing slash; null when it is invalid or contains a user or key.</returns>
    public static Uri? Parse(string text)
    {
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(address.EndsWith('/') ? address : address + "/", UriKind.Absolute, out var server)
            && server.Scheme is "http" or "https"
            && server.Host.Length > 0 && server.UserInfo.Length == 0 ? server : null;
    }

    private static Uri? ParseText(string text, string name, SymbolResult result)
    {
        var hub = Parse(text);
        if (hub is null)
        {
            result.AddError($"{name}: the value must be host:port, without a key; set the key in {ServiceKey.Variable}.");
        }

        return hub;
    }
}
