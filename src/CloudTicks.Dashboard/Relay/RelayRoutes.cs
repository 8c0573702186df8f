namespace CloudTicks.Dashboard.Relay;

/// <summary>The allow list of the functions' routes that a browser can reach through the dashboard.</summary>
internal static class RelayRoutes
{
    private const string Root = "/api/v1/";

    private static readonly string[] ReadRoutes =
    [
        "candles/{**symbol}", "ticks/{**symbol}", "quotes/latest", "quotes/{symbol}/latest", "symbols", "gaps", "retention", "status",
        "config", "config/{service}", "config/{service}/history", "config/{service}/versions/{version}", "config/{service}/schema",
        "services", "rollouts", "audit", "keys/self",
    ];

    private static readonly (string Method, string Route)[] ChangeRoutes =
    [
        ("POST", "config/{service}"), ("PUT", "config/{service}"), ("POST", "config/{service}/rollback/{version}"),
        ("POST", "rollouts/{flag}"), ("POST", "rollouts/{flag}/pause"), ("POST", "rollouts/{flag}/resume"),
        ("POST", "rollouts/{flag}/rollback"),
    ];

    public static void MapRelay(this IEndpointRouteBuilder app)
    {
        foreach (var route in ReadRoutes)
        {
            app.MapGet(Root + route, (HttpContext context, FunctionsRelay relay) => relay.ForwardAsync(context));
        }

        foreach (var (method, route) in ChangeRoutes)
        {
            app.MapMethods(Root + route, [method], (HttpContext context, FunctionsRelay relay) => relay.ForwardAsync(context));
        }
    }
}
