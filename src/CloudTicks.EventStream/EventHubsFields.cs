namespace CloudTicks.EventStream;

/// <summary>The parts of an Event Hubs connection string that are needed here; the secret itself is sent as the whole string.</summary>
/// <param name="Host">The host of the Endpoint.</param>
/// <param name="Port">Its port, null when it names none.</param>
/// <param name="EntityPath">The event hub, null when none is named.</param>
/// <param name="IsUnencrypted">True for <c>UseDevelopmentEmulator=true</c>, Azure's own sign of a hub without TLS.</param>
internal sealed record EventHubsFields(string Host, int? Port, string? EntityPath, bool IsUnencrypted)
{
    /// <exception cref="FormatException">A part is missing; the message names it and holds no secret.</exception>
    public static EventHubsFields Parse(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart()))
            {
                throw Wrong($"part {parts.Count + 1} is not of the form Name=value, or repeats a name");
            }
        }

        if (!parts.TryGetValue("Endpoint", out var endpoint))
        {
            throw Wrong("it has no Endpoint=sb://...");
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme != "sb" || address.Host.Length == 0)
        {
            throw Wrong("its Endpoint is not of the form sb://namespace.servicebus.windows.net/");
        }

        foreach (var name in (string[])["SharedAccessKeyName", "SharedAccessKey"])
        {
            if (!parts.TryGetValue(name, out var value) || value.Length == 0)
            {
                throw Wrong($"it has no {name} (tokens by SharedAccessSignature do not work on the Kafka protocol)");
            }
        }

        var unencrypted = parts.TryGetValue("UseDevelopmentEmulator", out var emulator) && emulator.Equals("true", StringComparison.OrdinalIgnoreCase);
        return new EventHubsFields(
            address.Host.ToLowerInvariant(), address.Port > 0 ? address.Port : null, parts.GetValueOrDefault("EntityPath"), unencrypted);
    }

    private static FormatException Wrong(string what) => new(
        $"The connection string of the event hub reads as one of Event Hubs, but {what}: " +
        "copy it whole from the namespace's shared access policies (Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...).");
}
