namespace CloudTicks.CentralHub.Tests.Client;

/// <summary>A request of a client.</summary>
internal sealed record HubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool IsReport => Method == "POST";

    public bool IsPoll => Target.Contains("wait=", StringComparison.Ordinal);

    public string? KnownTag => Headers.GetValueOrDefault("if-none-match");
}
