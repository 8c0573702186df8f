using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Looks up the option contracts of stocks once per New York day, and again when the settings change. Keeps them during outages and drops
/// them at expiry.
/// </summary>
internal sealed class OptionLookup(PolygonRestClient rest, TimeProvider time, ILogger logger)
{
    /// <summary>Maximum contracts per stock. No stock has that many, and more would not fit on the connections.</summary>
    private const int MaxContractsPerStock = 100_000;

    /// <summary>
    /// The time in New York at which all contracts that expire on a day have stopped trading, including those of funds and indices.
    /// </summary>
    private static readonly TimeOnly Expiry = new(17, 0);

    private static readonly TimeSpan ShortRetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongRetryDelay = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (ContractQuery Query, IReadOnlyList<OptionContract> Contracts)> _knownContracts = [];
    private readonly Dictionary<ContractQuery, DateTimeOffset> _notBefore = [];

    /// <summary>The first problem of the latest refresh; null when there was none.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next time at which contracts expire or the day ends.</summary>
    public static DateTimeOffset NextExpiry(DateTimeOffset now)
    {
        var day = NewYork.DayOf(now);
        var expiry = NewYork.At(day, Expiry);
        return now < expiry ? expiry : NewYork.At(day.AddDays(1), TimeOnly.MinValue);
    }

    /// <summary>Whether a lookup is due.</summary>
    public bool IsDue(CollectorOptions options) => DueQueries(options).Any();

    /// <summary>
    /// Runs the due lookups; an outage postpones the remaining ones. When a lookup fails, the stock keeps its known contracts.
    /// </summary>
    public async Task RefreshAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        Problem = null;
        PolygonRestException? outage = null;
        foreach (var query in DueQueries(options).ToArray())
        {
            if (outage is not null)
            {
                Postpone(query, outage);
                continue;
            }

            try
            {
                _knownContracts[query.Underlying] = (query, await QueryAsync(query, cancellationToken));
                _notBefore.Remove(query);
            }
            catch (PolygonRestException exception)
            {
                Problem ??= exception.Message;
                Postpone(query, exception);
                logger.ContractsUnknown(query.Underlying, exception.Message);
                outage = exception.Failure is RestFailure.BadRequest or RestFailure.BadResponse ? null : exception;
            }
        }
    }

    /// <summary>The known contracts that have not expired, one list per stock, in the order of the settings.</summary>
    public IEnumerable<IReadOnlyList<OptionContract>> Contracts(CollectorOptions options)
    {
        var now = time.GetUtcNow();
        var underlyings = ConfiguredSymbols.Underlyings(options);
        foreach (var underlying in _knownContracts.Keys.Except(underlyings).ToArray())
        {
            _knownContracts.Remove(underlying);
        }

        if (underlyings.Count == 0)
        {
            _notBefore.Clear();
            Problem = null;
        }

        var lastDay = NewYork.DayOf(now).AddDays(options.MaxExpiryDays);
        return underlyings.Where(_knownContracts.ContainsKey).Select(underlying => (IReadOnlyList<OptionContract>)
        [
            .. _knownContracts[underlying].Contracts.Where(
                contract =>
                    contract.Expires <= lastDay && NewYork.At(contract.Expires, Expiry) > now && IsWanted(contract, options.OptionType)),
        ]);
    }

    private static bool IsWanted(OptionContract contract, OptionSelection selection) => selection switch
    {
        OptionSelection.Call => contract.Type == ContractType.Call,
        OptionSelection.Put => contract.Type == ContractType.Put,
        _ => contract.Type is ContractType.Call or ContractType.Put,
    };

    private static IEnumerable<ContractQuery> Queries(CollectorOptions options, DateTimeOffset now) =>
        ConfiguredSymbols.Underlyings(options)
            .Select(underlying => new ContractQuery(underlying, NewYork.DayOf(now), options.MaxExpiryDays, options.OptionType));

    private IEnumerable<ContractQuery> DueQueries(CollectorOptions options)
    {
        var now = time.GetUtcNow();
        return Queries(options, now).Where(query => (!_knownContracts.TryGetValue(query.Underlying, out var known) || known.Query != query)
            && _notBefore.GetValueOrDefault(query) <= now);
    }

    private void Postpone(ContractQuery query, PolygonRestException failure)
    {
        var isFinal = failure.Failure is RestFailure.NotInPlan or RestFailure.KeyRefused or RestFailure.BadRequest;
        var pause = isFinal ? LongRetryDelay : failure.RetryAfter > ShortRetryDelay ? failure.RetryAfter.Value : ShortRetryDelay;
        foreach (var old in _notBefore.Keys.Where(known => known.Underlying == query.Underlying).ToArray())
        {
            _notBefore.Remove(old);
        }

        _notBefore[query] = time.GetUtcNow() + pause;
    }

    private async Task<IReadOnlyList<OptionContract>> QueryAsync(ContractQuery query, CancellationToken cancellationToken)
    {
        ContractType? type =
            query.Type switch { OptionSelection.Call => ContractType.Call, OptionSelection.Put => ContractType.Put, _ => null };
        var contracts = new List<OptionContract>();
        await foreach (var contract in rest.ReadContractsAsync(
            query.Underlying, query.Day, query.Day.AddDays(query.MaxExpiryDays), type, cancellationToken))
        {
            if (contracts.Count == MaxContractsPerStock)
            {
                logger.ContractsCut(query.Underlying, MaxContractsPerStock);
                break;
            }

            contracts.Add(contract);
        }

        logger.ContractsKnown(query.Underlying, contracts.Count, query.MaxExpiryDays);
        return contracts;
    }

    private readonly record struct ContractQuery(string Underlying, DateOnly Day, int MaxExpiryDays, OptionSelection Type);
}
