using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sending;

/// <summary>Applies faults to single ticks. Used only while there are faults.</summary>
internal sealed class TickFaults(FaultBoard faults)
{
    private readonly HashSet<SimulatedChannel> _movedChannels = [];

    public bool HasNoFaults => faults.HasNoFaults;

    /// <summary>Changes a tick for the whole market: every subscriber and the history receive the changed tick.</summary>
    public void Distort(SimulatedChannel channel, scoped ref Tick tick)
    {
        var target = new FaultTarget(tick.Symbol.Market, null, tick.Symbol);
        if (tick.Has(TickFields.Sequence))
            tick.Sequence = Distort(channel, tick.Sequence, target);
        if (tick.Kind == TickKind.Quote && faults.Strike(FaultCatalog.OneSided, target) is { } oneSided)
            RemoveSide(ref tick, oneSided.Word(FaultCatalog.Side) == "ask", oneSided.Word(FaultCatalog.How) == "absent");
    }

    /// <summary>The subscribers that receive a tick despite the faults.</summary>
    public ISubscriber[] ReceiversOf(ISubscriber[] subscribers, Symbol symbol) => Array.FindAll(subscribers, session =>
        faults.FindAffecting(FaultCatalog.Silence, session.Target with
        {
            Symbol = symbol,
        }) is null && faults.FindAffecting(FaultCatalog.Dead, session.Target) is null);

    /// <summary>The style in which a session's event is written.</summary>
    public NumberStyle StyleFor(ISubscriber session, Symbol symbol) =>
        faults.Strike(FaultCatalog.Numbers, session.Target with { Symbol = symbol }) switch
        {
            null => NumberStyle.Plain,
            var fault => fault.Word(FaultCatalog.How) == "string" ? NumberStyle.Text : NumberStyle.Exponent,
        };

    /// <summary>Whether a session receives an event twice.</summary>
    public bool IsDoubled(ISubscriber session, Symbol symbol) =>
        faults.Strike(FaultCatalog.Duplicate, session.Target with { Symbol = symbol }) is not null;

    private long Distort(SimulatedChannel channel, long sequence, FaultTarget target)
    {
        // Never change the numbers of two consecutive ticks: if all were changed, their order would stay the same.
        if (_movedChannels.Remove(channel))
            return sequence;
        var moved = sequence;
        if (faults.Strike(FaultCatalog.RepeatSequence, target, _ => sequence > 1) is not null)
            moved = sequence - 1;
        else if (faults.Strike(FaultCatalog.BackwardSequence, target, fault => sequence > fault.Number(FaultCatalog.By)) is { } backward)
            moved = sequence - backward.Number(FaultCatalog.By);
        if (moved != sequence)
            _movedChannels.Add(channel);
        return moved;
    }

    /// <summary>Removes one side of a quote.</summary>
    private static void RemoveSide(scoped ref Tick tick, bool keepsAsk, bool isAbsent)
    {
        if (keepsAsk)
            (tick.Bid, tick.BidSize, tick.BidExchange) = (default, default, 0);
        else
            (tick.Ask, tick.AskSize, tick.AskExchange) = (default, default, 0);
        if (isAbsent)
            tick.Fields &= keepsAsk
                ? ~(TickFields.Bid | TickFields.BidSize | TickFields.BidExchange)
                : ~(TickFields.Ask | TickFields.AskSize | TickFields.AskExchange);
    }
}
