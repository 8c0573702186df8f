using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Faults;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Sessions;

internal sealed class SessionParts(
    IOptions<SimulatorOptions> options, ChannelDirectory channels, ITickSource source, FaultBoard faults, SessionRegistry sessions,
    TimeProvider time, ILogger<FeedSession> logger)
{
    public SimulatorOptions Options => options.Value;

    public ChannelDirectory Channels => channels;

    public ITickSource Source => source;

    public FaultBoard Faults => faults;

    public SessionRegistry Sessions => sessions;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}
