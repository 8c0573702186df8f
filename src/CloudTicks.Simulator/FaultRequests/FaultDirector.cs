using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.Sessions;

namespace CloudTicks.Simulator.FaultRequests;

/// <summary>Applies requested faults. Most wait on the fault board for a target; some take effect immediately.</summary>
internal sealed class FaultDirector(FaultBoard board, SessionRegistry sessions)
{
    /// <exception cref="FaultRequestException">There are too many faults.</exception>
    public async Task<ActiveFault> RequestFaultAsync(Fault fault, CancellationToken cancellationToken)
    {
        var active = board.Add(fault);
        if (fault.Kind.Name == FaultCatalog.ConnectionLimit)
        {
            foreach (var (session, how) in FeedEndpoint.Markets.Values.SelectMany(market => sessions.AboveLimit(market, null)).ToList())
                await session.EvictAsync(how, cancellationToken);
        }
        else if (fault.Parameters.TryGetValue(FaultCatalog.When, out var when) && when is "now")
        {
            foreach (var session in sessions.All.Where(session => active.TryStrike(session.Target)))
            {
                if (fault.Kind.Name == FaultCatalog.Drop)
                    session.Drop();
                else
                    await session.EvictAsync(fault.Word(FaultCatalog.How), cancellationToken);
            }

            board.End(active.Id);
        }

        return active;
    }
}
