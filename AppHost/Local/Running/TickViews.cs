namespace CloudTicks.AppHost.Local.Running;

/// <summary>Where users can see the ticks of a run: the dashboard, the table, HTTP, NATS and the relay, if they are running.</summary>
internal static class TickViews
{
    private const string Dashboard = "dashboard";
    private const string Functions = "functions";
    private const string Nats = "nats";
    private const string Relay = "relay";

    /// <summary>The lines for the dashboard, the table, HTTP, NATS and the relay, in this order.</summary>
    public static IReadOnlyList<string> Of(PartBoard board) =>
    [
        .. Endpoints(board, Dashboard).Select(endpoint => $"page   http://{endpoint}/"),
        .. board.Commands.Select(command => $"table  {command}"),
        .. Services(board),
    ];

    /// <summary>The lines for HTTP, NATS and the relay.</summary>
    public static IReadOnlyList<string> Services(PartBoard board)
    {
        var nats = string.Join(',', Endpoints(board, Nats).Select(endpoint => $"nats://{endpoint}"));
        return
        [
            .. Endpoints(board, Functions).Take(1).Select(endpoint => $"HTTP   curl 'http://{endpoint}/api/v1/quotes/latest'"),
            .. nats.Length == 0 ? Array.Empty<string>() : [$"NATS   nats sub -s {nats} 'ticks.>'"],
            .. Endpoints(board, Relay).Select(
                endpoint => $"relay  ws://{endpoint}/forex, /stocks, /options or /crypto, with any Polygon client"),
        ];
    }

    private static IEnumerable<string> Endpoints(PartBoard board, string name) => board.Parts
        .Where(part => part.Endpoint.Length > 0 && (part.Name == name || part.Name.StartsWith($"{name}-", StringComparison.Ordinal)))
        .Select(part => part.Endpoint);
}
