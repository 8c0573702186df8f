using CloudTicks.Timescale.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Querying;

/// <summary>Answers questions about the table. Four at a time are asked, so that the writer keeps its connections; further ones wait.</summary>
/// <param name="history">The table.</param>
/// <param name="gaps">The table of gaps.</param>
/// <param name="logger">Told when the table does not answer.</param>
public sealed class QueryHandler(TickHistory history, GapHistory gaps, ILogger<QueryHandler> logger) : IDisposable
{
    private const int StandardTicks = 1_000;
    private const int MostTicks = 50_000;
    private const int StandardGaps = 1_000;
    private const int MostGaps = 50_000;
    private const int StandardSymbols = 10_000;
    private const int MostSymbols = 100_000;

    private readonly SemaphoreSlim _places = new(4);

    /// <summary>Ticks of a symbol, ordered by time.</summary>
    /// <param name="symbol">The symbol, in any form.</param>
    /// <param name="query">
    /// <c>from</c> and <c>to</c> (exclusive), as Unix ms or ISO 8601, and <c>limit</c>, 1,000 by default and at most 50,000. Without
    /// <c>from</c> the latest ticks are taken, else the first.
    /// </param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>A JSON array, or a problem.</returns>
    public Task<IActionResult> TicksAsync(string? symbol, IQueryCollection query, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(query, "from", "to", "limit");
        var (wanted, from, to) = (parameters.Symbol(symbol), parameters.Time("from"), parameters.Time("to"));
        var limit = parameters.Limit(StandardTicks, MostTicks);
        if (from > to)
        {
            parameters.Refuse("from", "It is later than 'to'.");
        }

        return AnswerAsync(
            parameters,
            async () => TickRowsJson.Of(await history.ReadAsync(wanted!.Name, from, to ?? long.MaxValue, limit, cancellationToken)),
            cancellationToken);
    }

    /// <summary>The symbols of the table, by name.</summary>
    /// <param name="query"><c>limit</c>, 10,000 by default and at most 100,000.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>A JSON array, or a problem.</returns>
    public Task<IActionResult> SymbolsAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(query, "limit");
        var limit = parameters.Limit(StandardSymbols, MostSymbols);
        return AnswerAsync(
            parameters, async () => TickRowsJson.Of(await history.ListSymbolsAsync(limit, cancellationToken)), cancellationToken);
    }

    /// <summary>The gaps that a time touches, ordered by their beginning; the newest when there are more than the limit.</summary>
    /// <param name="query">
    /// <c>symbol</c>, <c>state</c>, <c>from</c> and <c>to</c> (exclusive) as Unix ms or ISO 8601, and <c>limit</c>, 1,000 by default and at
    /// most 50,000.
    /// </param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>A JSON array, or a problem.</returns>
    public Task<IActionResult> GapsAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(query, "symbol", "state", "from", "to", "limit");
        var (symbol, state, from, to) = (parameters.Symbol(), parameters.GapState(), parameters.Time("from"), parameters.Time("to"));
        var limit = parameters.Limit(StandardGaps, MostGaps);
        if (from > to)
        {
            parameters.Refuse("from", "It is later than 'to'.");
        }

        return AnswerAsync(
            parameters, async () => TickRowsJson.Of(await gaps.ReadAsync(symbol, state, from, to, limit, cancellationToken)), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<IActionResult> AnswerAsync(
        QueryParameters parameters, Func<Task<ReadOnlyMemory<byte>>> ask, CancellationToken cancellationToken)
    {
        if (parameters.Problems.Count > 0)
        {
            return JsonAnswer.Problem(new ValidationProblemDetails(parameters.Problems)
            {
                Title = "A parameter is wrong.",
                Status = StatusCodes.Status400BadRequest,
                Detail = parameters.Sentence,
            });
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return JsonAnswer.Of(await ask());
        }
        catch (NpgsqlException problem)
        {
            logger.NotAnswered(problem.Message);
            return JsonAnswer.Problem(new ProblemDetails
            {
                Title = "The database did not answer.",
                Status = StatusCodes.Status503ServiceUnavailable,
                Detail = "It is away, not ready yet, or the question takes too long: ask again later, or for a shorter time.",
            });
        }
        finally
        {
            _places.Release();
        }
    }
}
