using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sessions;

internal sealed class Subscriptions(FeedSession session, ChannelDirectory channels, FaultBoard faults, int maxContracts)
{
    private readonly HashSet<string> _held = [];

    /// <summary>How many there are, also those that never tick.</summary>
    public int Count => _held.Count;

    /// <summary>Subscribes to all channels of a message, or to none where it is refused.</summary>
    /// <returns>What is answered; a channel that the market does not have gets no answer, as on the real feed.</returns>
    public List<StatusMessage> Subscribe(string names)
    {
        var asked = Parse(names);
        if (IsBeyondContracts(asked))
            return [.. asked.Select(channel => StatusMessage.LimitReached(channel.Name))];
        var answers = new List<StatusMessage>();
        if (!faults.IsQuiet && IsRefused(asked, answers))
            return answers;
        foreach (var (name, channel) in asked)
        {
            answers.Add(StatusMessage.Subscribed(name));
            _held.Add(name);
            Apply(channel, channels.Subscribe, channels.SubscribeAll);
        }

        return answers;
    }

    public List<StatusMessage> Unsubscribe(string names)
    {
        var answers = new List<StatusMessage>();
        foreach (var (name, channel) in Parse(names))
        {
            answers.Add(StatusMessage.Unsubscribed(name));
            _held.Remove(name);
            Apply(channel, channels.Unsubscribe, channels.UnsubscribeAll);
        }

        return answers;
    }

    private List<(string Name, ChannelName Channel)> Parse(string names)
    {
        var parsed = new List<(string, ChannelName)>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ChannelName.TryParse(session.Market, name, out var channel))
                parsed.Add((name, channel));
        }

        return parsed;
    }

    /// <summary>Quotes of options have no wildcard, and a connection holds so many of them.</summary>
    private bool IsBeyondContracts(List<(string Name, ChannelName Channel)> asked)
    {
        if (session.Market != Market.Option)
            return false;
        var quotes = asked.Where(channel => channel.Channel.Kind == TickKind.Quote).ToList();
        return quotes.Exists(channel => channel.Channel.Symbol == ChannelName.Wildcard)
            || (quotes.Count > 0
                && quotes.Select(channel => channel.Name).Union(_held.Where(name => name.StartsWith("Q.", StringComparison.Ordinal)))
                    .Count() > maxContracts);
    }

    /// <summary>Takes out of a message what is ignored or refused by itself.</summary>
    private bool IsRefused(List<(string Name, ChannelName Channel)> asked, List<StatusMessage> answers)
    {
        asked.RemoveAll(channel => faults.Strike(FaultCatalog.Ignore, TargetOf(channel.Channel)) is not null);
        if (faults.Find(FaultCatalog.ChannelLimit, session.Target) is { } limit
            && asked.Select(channel => channel.Name).Union(_held).Count() > limit.Number(FaultCatalog.Limit)
            && faults.Strike(FaultCatalog.ChannelLimit, session.Target) is not null)
        {
            answers.AddRange(asked.Select(channel => StatusMessage.LimitReached(channel.Name)));
            return true;
        }

        foreach (var channel in asked.ToList())
        {
            if (faults.Strike(FaultCatalog.Refuse, TargetOf(channel.Channel)) is not { } refusal)
                continue;
            answers.Add(new StatusMessage("error", refusal.Word(FaultCatalog.Message)));
            if (refusal.Word(FaultCatalog.How) == "frame")
                return true;
            asked.Remove(channel);
        }

        return false;
    }

    private FaultTarget TargetOf(ChannelName channel) =>
        session.Target with { Symbol = channel.TryGetSymbol(session.Market, out var symbol) ? symbol : null };

    private void Apply(ChannelName channel, Action<FeedSession, Symbol, TickKind> one, Action<FeedSession, Market, TickKind> all)
    {
        if (channel.Kind is not { } kind)
            return;
        if (channel.Symbol == ChannelName.Wildcard)
            all(session, session.Market, kind);
        else if (channel.TryGetSymbol(session.Market, out var symbol))
            one(session, symbol, kind);
    }
}
