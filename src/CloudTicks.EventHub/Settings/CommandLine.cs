namespace CloudTicks.EventHub.Settings;

/// <summary>Parses the command line: maps short option names to settings, and rejects unknown options.</summary>
internal static class CommandLine
{
    public const string Config = "config";

    private const string UsersOption = $"--{EventHubOptions.Section}:{nameof(EventHubOptions.Users)}";

    private static readonly Dictionary<string, string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--data"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.Data)}",
        ["--port"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.Port)}",
        ["--listen"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.Listen)}",
        ["--health-port"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.HealthPort)}",
        ["--advertise"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.Advertise)}",
        ["--default-partitions"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.DefaultPartitions)}",
        ["--users-file"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.UsersFile)}",
        ["--tls-certificate"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.TlsCertificate)}",
        ["--tls-key"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.TlsKey)}",
        ["--tls-client-ca"] = $"{EventHubOptions.Section}:{nameof(EventHubOptions.TlsClientCa)}",
        ["--config"] = Config,
        ["--log-level"] = "log-level",
        ["--log-json"] = "log-json",
        ["--urls"] = "urls",
        ["--environment"] = "environment",
    };

    /// <summary>Maps arguments to configuration keys and values.</summary>
    /// <exception cref="HubStartException">An argument is not an option of the event hub, has no value, or names users.</exception>
    public static IReadOnlyDictionary<string, string?> Read(IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            var isSetting = name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal);
            if (!Switches.TryGetValue(name, out var key) && !isSetting)
            {
                throw new HubStartException($"{OptionSpelling.Refusal(name, "the event hub", Switches.Keys)} See --help.");
            }

            if ($"{name}:".StartsWith($"{UsersOption}:", StringComparison.OrdinalIgnoreCase))
            {
                throw new HubStartException(
                    "Do not name users on the command line, which every user of this machine can read: use --users-file FILE, or "
                        + "EventHub__Users__0__Name and EventHub__Users__0__Password in the environment.");
            }

            if (value is null && (++i == arguments.Count || OptionSpelling.IsOption(arguments[i])))
            {
                throw new HubStartException($"{name} needs a value.");
            }

            settings[key ?? name[2..]] = value ?? arguments[i];
        }

        return settings;
    }
}
