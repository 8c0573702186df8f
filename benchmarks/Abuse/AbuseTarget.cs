using System.Net;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>A running event hub, the credentials that all clients use, and the names of its topics.</summary>
internal sealed record AbuseTarget(IPEndPoint Address, string User, string Password)
{
    /// <summary>The topic to which the honest producers write, each to its own partition.</summary>
    public const string LiveTopic = "live";

    /// <summary>The topic that is filled before the run, for fetches.</summary>
    public const string FilledTopic = "filled";

    /// <summary>The topic to which the abusive clients write.</summary>
    public const string AbusedTopic = "abused";

    public const int AbusedPartitions = 4;

    public HubClient Connect()
    {
        var client = new HubClient(Address);
        try
        {
            client.LogIn(User, Password);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
