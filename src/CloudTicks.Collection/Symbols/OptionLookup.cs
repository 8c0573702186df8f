using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Symbols;

/// <summary>Option contracts of shares, queried once a New York day, kept while the server is away, dropped at expiry.</summary>
internal sealed class OptionLookup(PolygonRestClient rest, TimeProvider time, ILogger logger)
{
    /// <summary>No share has as many within the longest time that may be asked for; more would not fit on connections anyway.</summary>
    private const int MostPerShare = 100_000;

    /// <summary>When the last contract of a day has stopped trading, those of funds and indices too.</summary>
    private static readonly TimeOnly Expiry = new(17, 0);

    private static readonly TimeSpan RetrySoon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryLater = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (Question Asked, IReadOnlyList<OptionContract> Contracts)> _known = [];
    private readonly Dictionary<Question, DateTimeOffset> _notBefore = [];

    /// <summary>What is wrong with the latest lookup; null when nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>When a contract expires or the day ends next.</summary>
    public static DateTimeOffset NextRoll(DateTimeOffset now)
    {
        var day = NewYork.DayOf(now);
        var expiry = NewYork.At(day, Expiry);
        return now < expiry ? expiry : NewYork.At(day.AddDays(1), TimeOnly.MinValue);
    }

    /// <summary>Whether something has to be asked for, and may be by now.</summary>
    public bool IsDue(CollectorOptions options) => Due(options).Any();

    /// <summary>Asks for what is not known yet of the day; a share of which the server cannot tell keeps what was known.</summary>
    public async Task RefreshAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        Problem = null;
        PolygonRestException? away = null;
        foreach (var question in Due(options).ToArray())
        {
            if (away is not null)
            {
                PutOff(question, away);
                continue;
            }

            try
            {
                _known[question.Share] = (question, await AskAsync(question, cancellationToken));
                _notBefore.Remove(question);
            }
            catch (PolygonRestException exception)
            {
                Problem ??= exception.Message;
                PutOff(question, exception);
                logger.ContractsUnknown(question.Share, exception.Message);
                away = exception.Failure is RestFailure.BadRequest or RestFailure.BadAnswer ? null : exception;
            }
        }
    }

    /// <summary>The contracts that are known and have not expired, for each share in its order.</summary>
    public IEnumerable<IReadOnlyList<OptionContract>> Contracts(CollectorOptions options)
    {
        var now = time.GetUtcNow();
        var shares = ConfiguredSymbols.Underlyings(options);
        foreach (var share in _known.Keys.Except(shares).ToArray())
        {
            _known.Remove(share);
        }

        if (shares.Count == 0)
        {
            _notBefore.Clear();
            Problem = null;
        }

        var last = NewYork.DayOf(now).AddDays(options.MaxExpiryDays);
        return shares.Where(_known.ContainsKey).Select(share => (IReadOnlyList<OptionContract>)
        [
            .. _known[share].Contracts.Where(
                contract =>
                    contract.Expires <= last && NewYork.At(contract.Expires, Expiry) > now && IsWanted(contract, options.OptionType)),
        ]);
    }

    private static bool IsWanted(OptionContract contract, OptionSelection selection) => selection switch
    {
        OptionSelection.Call => contract.Type == ContractType.Call,
        OptionSelection.Put => contract.Type == ContractType.Put,
        _ => contract.Type is ContractType.Call or ContractType.Put,
    };

    private static IEnumerable<Question> Questions(CollectorOptions options, DateTimeOffset now) => ConfiguredSymbols.Underlyings(options)
        .Select(share => new Question(share, NewYork.DayOf(now), options.MaxExpiryDays, options.OptionType));

    private IEnumerable<Question> Due(CollectorOptions options)
    {
        var now = time.GetUtcNow();
        return Questions(options, now).Where(question => (!_known.TryGetValue(question.Share, out var known) || known.Asked != question)
            && _notBefore.GetValueOrDefault(question) <= now);
    }

    private void PutOff(Question question, PolygonRestException failure)
    {
        var isFinal = failure.Failure is RestFailure.NotInPlan or RestFailure.KeyRefused or RestFailure.BadRequest;
        var pause = isFinal ? RetryLater : failure.RetryAfter > RetrySoon ? failure.RetryAfter.Value : RetrySoon;
        foreach (var old in _notBefore.Keys.Where(known => known.Share == question.Share).ToArray())
        {
            _notBefore.Remove(old);
        }

        _notBefore[question] = time.GetUtcNow() + pause;
    }

    private async Task<IReadOnlyList<OptionContract>> AskAsync(Question question, CancellationToken cancellationToken)
    {
        ContractType? type =
            question.Type switch { OptionSelection.Call => ContractType.Call, OptionSelection.Put => ContractType.Put, _ => null };
        var contracts = new List<OptionContract>();
        await foreach (var contract in rest.ReadContractsAsync(
            question.Share, question.Day, question.Day.AddDays(question.MaxExpiryDays), type, cancellationToken))
        {
            if (contracts.Count == MostPerShare)
            {
                logger.ContractsCut(question.Share, MostPerShare);
                break;
            }

            contracts.Add(contract);
        }

        logger.ContractsKnown(question.Share, contracts.Count, question.MaxExpiryDays);
        return contracts;
    }

    private readonly record struct Question(string Share, DateOnly Day, int MaxExpiryDays, OptionSelection Type);
}
