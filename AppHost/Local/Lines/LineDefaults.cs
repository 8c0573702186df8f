namespace CloudTicks.AppHost.Local.Lines;

/// <summary>The defaults for log lines.</summary>
internal static class LineDefaults
{
    public static string Level => Environment.GetEnvironmentVariable("LOG_LEVEL") is { Length: > 0 } level ? level : "INFO";

    public static bool Json => bool.TryParse(Environment.GetEnvironmentVariable("LOG_JSON"), out var json) && json;
}
