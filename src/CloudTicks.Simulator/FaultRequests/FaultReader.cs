using System.Text.Json.Nodes;
using CloudTicks.Simulator.Faults;
using CloudTicks.Simulator.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.FaultRequests;

/// <summary>Reads a fault request such as <c>{"fault":"evict","market":"stocks","times":1}</c>, and reports all its errors.</summary>
internal sealed class FaultReader
{
    private const long MaxTimes = 1_000_000_000;

    private static readonly string[] CommonNames = ["fault", "market", "symbols", "connection", "times", "for"];

    private readonly JsonObject _request;
    private readonly List<string> _problems = [];

    private FaultReader(JsonObject request) => _request = request;

    /// <exception cref="FaultRequestException">The request is invalid; the exception has a message for each error.</exception>
    public static Fault Read(JsonNode? node)
    {
        if (node is not JsonObject request)
            throw new FaultRequestException(["A fault must be a JSON object such as {\"fault\":\"drop\",\"market\":\"forex\"}."]);
        var reader = new FaultReader(request);
        var fault = reader.Read();
        return reader._problems.Count == 0 ? fault! : throw new FaultRequestException(reader._problems);
    }

    private Fault? Read()
    {
        if (FaultParameter.TextOf(_request["fault"]) is not { } name || !FaultCatalog.Kinds.TryGetValue(name, out var kind))
        {
            _problems.Add($"'fault' must be one of {string.Join(", ", FaultCatalog.Kinds.Keys)}, not {QuotedValue("fault")}.");
            return null;
        }

        var known = CommonNames.Concat(kind.Parameters.Select(parameter => parameter.Name)).ToList();
        foreach (var unknown in _request.Where(setting => !known.Contains(setting.Key)))
            _problems.Add($"The fault {name} has no field '{unknown.Key}'; its fields are {string.Join(", ", known)}.");
        var market = ReadMarket();
        var symbols = ReadSymbols(kind, market);
        var connection = ReadNumber("connection");
        if (connection is not null && !kind.AffectsConnections)
            _problems.Add($"The fault {name} does not apply to connections: omit 'connection'.");
        var times = ReadNumber("times");
        var duration = ReadDuration();
        return new Fault(
            kind, market, symbols, connection, times, duration, kind.Parameters.ToDictionary(parameter => parameter.Name, Value),
            (JsonObject)_request.DeepClone());
    }

    private Market? ReadMarket()
    {
        if (_request["market"] is null)
            return null;
        if (FaultParameter.TextOf(_request["market"]) is { } name && FeedEndpoint.Markets.TryGetValue(name, out var market))
            return market;
        _problems.Add($"'market' must be one of {string.Join(", ", FeedEndpoint.Markets.Keys)}, not {QuotedValue("market")}.");
        return null;
    }

    private HashSet<Symbol> ReadSymbols(FaultKind kind, Market? market)
    {
        var symbols = new HashSet<Symbol>();
        if (_request["symbols"] is not { } requested)
            return symbols;
        if (!kind.TakesSymbols)
            _problems.Add($"The fault {kind.Name} does not apply to single symbols: omit 'symbols'.");
        var names = requested is JsonArray list ? list.Select(FaultParameter.TextOf) : [FaultParameter.TextOf(requested)];
        foreach (var name in names)
        {
            if (market is { } known ? Symbol.TryParse(known, name, out var symbol) : Symbol.TryParse(name, out symbol))
                symbols.Add(symbol);
            else
                _problems.Add(
                    $"'symbols' must be a list of symbols such as [\"AAPL\"]; '{name}' is not a symbol"
                        + $"{(market is null ? "" : " of the market")}.");
        }

        if (symbols.Count == 0)
            _problems.Add("'symbols' names no symbol: omit it for all symbols.");
        return symbols;
    }

    private long? ReadNumber(string name)
    {
        if (_request[name] is null)
            return null;
        if (FaultParameter.Number(name, 1, 1, MaxTimes).Read(FaultParameter.TextOf(_request[name]) ?? "") is long number)
            return number;
        _problems.Add($"'{name}' must be a whole number from 1 to {MaxTimes}, not {QuotedValue(name)}.");
        return null;
    }

    private TimeSpan? ReadDuration()
    {
        if (_request["for"] is null)
            return null;
        if (FaultParameter.ParseDuration(FaultParameter.TextOf(_request["for"]) ?? "") is { } time && time > TimeSpan.Zero)
            return time;
        _problems.Add(
            $"'for' must be a time above zero, such as 00:00:05, or seconds, at most {FaultParameter.MaxDays} days, not "
                + $"{QuotedValue("for")}.");
        return null;
    }

    private object Value(FaultParameter parameter)
    {
        if (_request[parameter.Name] is null)
            return parameter.Default;
        if (parameter.Read(FaultParameter.TextOf(_request[parameter.Name]) ?? "") is { } value)
            return value;
        _problems.Add($"'{parameter.Name}' must be {parameter.Range}, not {QuotedValue(parameter.Name)}.");
        return parameter.Default;
    }

    private string QuotedValue(string name) => _request[name]?.ToJsonString() ?? "nothing";
}
