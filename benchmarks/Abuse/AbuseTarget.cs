using System.Net;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>A running hub, the user of all logins, and its topics.</summary>
internal sealed record AbuseTarget(IPEndPoint Address, string User, string Password)
{
    /// <summary>Small batches of the honest producers go here, one partition each.</summary>
    public const string LiveTopic = "live";

    /// <summary>Filled before: what is fetched.</summary>
    public const string FilledTopic = "filled";

    /// <summary>What the abusers write.</summary>
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
