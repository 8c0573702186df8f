using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Security;

internal sealed class ClientSession(string host, LoginStage stage, ClientMemory memory)
{
    public string Host => host;

    /// <summary>What it may hold in memory.</summary>
    public ClientMemory Memory => memory;

    /// <summary>The order in which its batches are written.</summary>
    public LogSource Batches { get; } = new();

    /// <summary>The host by which the client reached the hub: the name it asked for in TLS, or the address it connected to.</summary>
    public string ReachedHost { get; set; } = "";

    public LoginStage Stage { get; set; } = stage;

    /// <summary>When its next fetch may be answered; null before the first.</summary>
    public FetchPace? Fetches { get; set; }
}
