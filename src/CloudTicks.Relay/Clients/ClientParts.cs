using CloudTicks.Relay.Archive;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Clients;

/// <summary>The dependencies that all sessions share.</summary>
internal sealed class ClientParts(
    IOptions<RelayOptions> options, ClientSessions sessions, ClientKeys keys, RequestRates rates, SubscriptionGrants grants,
    SharedBuffers buffers, LiveChannels channels, TailReadiness readiness, TailOutage outage, CatchUp catchUp, RelayMetrics metrics,
    AccessRefusals refusals, TimeProvider time, ILogger<ClientSession> logger)
{
    public RelayOptions Options => options.Value;

    public ClientSessions Sessions => sessions;

    public ClientKeys Keys => keys;

    public RequestRates Rates => rates;

    public SubscriptionGrants Grants => grants;

    public SharedBuffers Buffers => buffers;

    public LiveChannels Channels => channels;

    public TailReadiness Readiness => readiness;

    public TailOutage Outage => outage;

    public CatchUp CatchUp => catchUp;

    public RelayMetrics Metrics => metrics;

    public AccessRefusals Refusals => refusals;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}
