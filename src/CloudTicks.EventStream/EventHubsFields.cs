namespace CloudTicks.EventStream;

/// <summary>The parts of an Event Hubs connection string. If <c>HasKey</c> is false, a managed identity logs in.</summary>
internal sealed record EventHubsFields(
    string Host, int? Port, string? EntityPath, bool IsEmulator, bool HasKey, string? ClientId, string? Scope)
{
    private const string KeyName = "SharedAccessKeyName";
    private const string Key = "SharedAccessKey";

    /// <exception cref="FormatException">A part is missing, malformed or repeated; the message names it and contains no secret.</exception>
    public static EventHubsFields Parse(string text)
    {
        var parts = Split(text);
        if (!parts.TryGetValue("Endpoint", out var endpoint))
        {
            throw Invalid("it has no Endpoint=sb://...");
        }

        var hasKey = parts.ContainsKey(KeyName) || parts.ContainsKey(Key) || parts.ContainsKey("SharedAccessSignature");
        // Azure's own tools write https in connection strings without a key.
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Host.Length == 0
            || !(address.Scheme == "sb" || (address.Scheme == Uri.UriSchemeHttps && !hasKey)))
        {
            throw Invalid("its Endpoint is not of the form sb://namespace.servicebus.windows.net/");
        }

        int? port = address.Port > 0 && !(address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort) ? address.Port : null;
        var isEmulator = parts.TryGetValue("UseDevelopmentEmulator", out var emulator)
            && emulator.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (hasKey || isEmulator || (port is not null && address.Scheme != Uri.UriSchemeHttps))
        {
            CheckKey(parts);
            hasKey = true;
        }

        return new EventHubsFields(
            address.Host.ToLowerInvariant(), port, parts.GetValueOrDefault("EntityPath"), isEmulator, hasKey,
            parts.GetValueOrDefault("ClientId"), parts.GetValueOrDefault("Scope"));
    }

    private static void CheckKey(Dictionary<string, string> parts)
    {
        foreach (var name in (string[])[KeyName, Key])
        {
            if (!parts.TryGetValue(name, out var value) || value.Length == 0)
            {
                throw Invalid($"it has no {name} (SharedAccessSignature tokens do not work with the Kafka protocol)");
            }
        }
    }

    private static Dictionary<string, string> Split(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart()))
            {
                throw Invalid($"part {parts.Count + 1} is not of the form Name=value, or repeats a name");
            }
        }

        return parts;
    }

    private static FormatException Invalid(string what) => new(
        $"The connection string of the event hub looks like one of Event Hubs, but {what}: " +
        "copy the complete string from the namespace's shared access policies " +
        "(Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...), " +
        "or write only the namespace (Endpoint=https://NAME.servicebus.windows.net/) to log in with a managed identity.");
}
