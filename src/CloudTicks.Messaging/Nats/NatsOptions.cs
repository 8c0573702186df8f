namespace CloudTicks.Messaging.Nats;

internal sealed record NatsOptions
{
    /// <summary>The connection string <c>ConnectionStrings:nats</c>.</summary>
    public string? ConnectionString { get; set; }
}
