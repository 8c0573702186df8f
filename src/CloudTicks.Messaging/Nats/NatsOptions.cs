namespace CloudTicks.Messaging.Nats;

/// <summary>What the configuration says of NATS.</summary>
internal sealed record NatsOptions
{
    /// <summary>The connection string <c>ConnectionStrings:nats</c>.</summary>
    public string? ConnectionString { get; set; }
}
