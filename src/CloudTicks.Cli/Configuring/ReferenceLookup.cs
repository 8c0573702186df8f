using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudTicks.Cli.Configuring;

/// <summary>Looks up symbols in the feed's reference data, if the environment has a key for the feed.</summary>
internal sealed class ReferenceLookup(TimeProvider time)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refuses symbols that are neither in a built-in list nor in the reference data. A symbol whose lookup fails is accepted with a note.
    /// </summary>
    /// <returns>The message of the refusal; null when no symbol is refused.</returns>
    public async Task<string?> RefusalAsync(IReadOnlyList<Symbol> symbols, TextWriter notes, CancellationToken cancellationToken)
    {
        Symbol[] unlisted = [.. symbols.Where(symbol => !SymbolAdvice.IsListed(symbol))];
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        if (unlisted.Length == 0 || string.IsNullOrWhiteSpace(configuration[PolygonApiKey.Setting]))
        {
            return null;
        }

        await using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPolygon()
            .BuildServiceProvider();
        TickerFindings found;
        try
        {
            found = await TickerLookup.FindAsync(
                services.GetRequiredService<PolygonRestClient>(), unlisted, MaxWait, time, cancellationToken);
        }
        catch (Exception problem) when (problem is OptionsValidationException or InvalidOperationException)
        {
            found = new TickerFindings([], unlisted.Length, problem.Message);
        }

        if (found.Problem is { } why)
        {
            await notes.WriteLineAsync(
                $"Symbols accepted unchecked, because they could not be looked up in the reference data: {found.Unchecked}. {why}");
        }

        return found.Unknown.Count == 0 ? null
            : string.Join(' ', found.Unknown.Select(
                symbol => $"The reference data does not contain {symbol}.{Suggestion(symbol)}")) + $" {SymbolAdvice.ForceHint}";
    }

    private static string Suggestion(Symbol symbol) => SymbolAdvice.NearestTo(symbol) is { } nearest ? $" Did you mean {nearest}?" : "";
}
