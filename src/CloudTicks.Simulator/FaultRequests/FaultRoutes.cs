using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.Sessions;

namespace CloudTicks.Simulator.FaultRequests;

internal static class FaultRoutes
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static void MapFaults(this RouteGroupBuilder api)
    {
        api.MapGet("/faults", (FaultBoard board) => board.ToJson());
        api.MapGet("/faults/kinds", () => FaultCatalog.Kinds.Values.Select(Describe));
        api.MapPost("/faults", RequestFaultAsync);
        api.MapDelete("/faults", (FaultBoard board) => new { cleared = board.Clear() });
        api.MapDelete("/faults/{id:long}", (long id, FaultBoard board) => board.Clear(id) > 0
            ? Results.NoContent()
            : Results.Problem($"There is no fault {id}; GET /api/v1/faults lists all.", statusCode: StatusCodes.Status404NotFound));
        api.MapGet("/connections", (SessionRegistry sessions) => sessions.All.Select(Describe));
    }

    private static async Task<IResult> RequestFaultAsync(HttpRequest request, FaultDirector director, CancellationToken cancellationToken)
    {
        try
        {
            var active = await director.RequestFaultAsync(
                FaultReader.Read(await JsonNode.ParseAsync(request.Body, null, Strict, cancellationToken)), cancellationToken);
            return Results.Json(active.ToJson(), statusCode: StatusCodes.Status201Created);
        }
        catch (JsonException exception)
        {
            return Results.Problem($"The request is not JSON: {exception.Message}", statusCode: StatusCodes.Status400BadRequest);
        }
        catch (FaultRequestException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static object Describe(FaultKind kind) => new
    {
        fault = kind.Name,
        does = kind.Effect,
        counts = kind.StrikeUnit,
        symbols = kind.TakesSymbols,
        connection = kind.AffectsConnections,
        parameters = kind.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => new { @default = parameter.Default, range = parameter.Range }),
    };

    private static object Describe(FeedSession session) => new
    {
        id = session.Id,
        market = FeedEndpoint.Markets.Single(market => market.Value == session.Market).Key,
        authenticated = session.IsAuthenticated,
        channels = session.Channels,
        waiting_bytes = session.WaitingBytes,
    };
}
