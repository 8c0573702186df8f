using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The channels of a session, and the statuses that acknowledge or refuse changes.</summary>
/// <param name="maxContracts">Maximum option contracts with quotes; null for no limit. With a limit, <c>Q.*</c> is refused.</param>
internal sealed class SessionSubscriptions(Market market, ISessionServer server, int? maxContracts)
{
    // Only the session's thread changes the set, always under the lock. That thread reads the set without the lock.
    private readonly HashSet<string> _held = [];
    private readonly Lock _gate = new();

    /// <summary>The number of channels, including those without ticks.</summary>
    public int Count => _held.Count;

    public IReadOnlyList<string> Names(int max)
    {
        lock (_gate)
            return [.. _held.Take(max)];
    }

    /// <summary>Subscribes to those channels of a message that the server grants.</summary>
    /// <returns>The statuses; a channel that the market does not have gets none, as on the real feed.</returns>
    public async Task<List<StatusMessage>> SubscribeAsync(ClientMessage message, CancellationToken cancellationToken)
    {
        var statuses = new List<StatusMessage>();
        var requested = Parse(message.Parameters, statuses);
        if (ExceedsMaxContracts(requested))
            return [.. statuses, .. requested.Select(channel => StatusMessage.LimitReached(channel.Name))];
        await server.RefuseAsync(message, requested, _held, statuses, cancellationToken);
        foreach (var channel in requested)
        {
            statuses.Add(StatusMessage.Subscribed(channel.Name));
            server.Subscribe(channel);
            lock (_gate)
                _held.Add(channel.Name);
        }

        return statuses;
    }

    public List<StatusMessage> Unsubscribe(ClientMessage message)
    {
        var statuses = new List<StatusMessage>();
        foreach (var (name, channel) in Parse(message.Parameters))
        {
            statuses.Add(StatusMessage.Unsubscribed(name));
            // Unsubscribe first, so that no event follows once the channel is no longer reported as subscribed.
            server.Unsubscribe(channel);
            lock (_gate)
                _held.Remove(name);
        }

        return statuses;
    }

    private List<RequestedChannel> Parse(string names, List<StatusMessage>? refusals = null)
    {
        var parsed = new List<RequestedChannel>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ChannelName.TryParse(market, name, out var channel))
                parsed.Add(new RequestedChannel(name, channel));
            else if (ChannelName.IsDiscontinued(market, name))
                refusals?.Add(StatusMessage.Discontinued(name));
        }

        return parsed;
    }

    private bool ExceedsMaxContracts(List<RequestedChannel> requested)
    {
        if (market != Market.Option || maxContracts is not { } max)
            return false;
        var quotes = requested.Where(channel => channel.Channel.Kind == TickKind.Quote).ToList();
        return quotes.Exists(channel => channel.Channel.IsWildcard)
            || (quotes.Count > 0
                && quotes.Select(channel => channel.Name).Union(_held.Where(name => name.StartsWith("Q.", StringComparison.Ordinal)))
                    .Count() > max);
    }
}
