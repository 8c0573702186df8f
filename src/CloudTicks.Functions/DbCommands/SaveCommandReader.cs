using System.Text.Json;
using System.Text.Unicode;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Reads a command's body. Fields may be in any order, so fields that depend on each other are checked at the end.</summary>
internal ref struct SaveCommandReader
{
    /// <summary>The maximum number of records in a command.</summary>
    public const int MaxRecords = 50_000;

    private const string CommandName = "save_realtime_data";
    private const string Missing = "It is missing.";
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 8 };

    private readonly RequestProblems _problems;
    private readonly List<SaveRecord> _records = [];
    private readonly Dictionary<string, string?> _texts = [];
    private Dictionary<string, int>? _tickers;
    private bool _hasParams;
    private bool _hasData;
    private Utf8JsonReader _json;

    private SaveCommandReader(ReadOnlySpan<byte> body, RequestProblems problems)
    {
        _json = new Utf8JsonReader(body, ReaderOptions);
        _problems = problems;
    }

    public static SaveCommand? Read(ReadOnlySpan<byte> body, RequestProblems problems, out bool isTooLong)
    {
        isTooLong = false;
        var byteOrderMark = "\uFEFF"u8;
        var text = body.StartsWith(byteOrderMark) ? body[byteOrderMark.Length..] : body;
        if (!Utf8.IsValid(text))
        {
            problems.Add("", "The body is not UTF-8.");
            return null;
        }

        try
        {
            var reader = new SaveCommandReader(text, problems);
            var command = reader.Read();
            isTooLong = reader._records.Count > MaxRecords;
            return isTooLong ? null : command;
        }
        catch (JsonException exception)
        {
            problems.Add("", $"The body is not JSON: {exception.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The text contains a lone surrogate, such as \ud800.
            problems.Add("", "The body is not JSON: a string in it is not valid Unicode.");
            return null;
        }
    }

    private SaveCommand? Read()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _problems.Add("", "The body is not a JSON object.");
            return null;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("command"u8))
            {
                ReadText("/command");
            }
            else if (_json.ValueTextEquals("params"u8))
            {
                ReadParams();
            }
            else
            {
                ReportUnknown("/", "command and params");
            }
        }

        _json.Read(); // throws when anything follows the object
        return Complete();
    }

    private void ReadParams()
    {
        if (_hasParams)
        {
            _problems.Add("/params", "It is present more than once.");
        }

        _hasParams = true;
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            _problems.Add("/params", "It is not a JSON object.");
            _json.Skip();
            return;
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("data"u8))
            {
                ReadData();
            }
            else if (_json.ValueTextEquals("ticker"u8) || _json.ValueTextEquals("data_type"u8) || _json.ValueTextEquals("index_col"u8)
                || _json.ValueTextEquals("on_duplicate"u8) || _json.ValueTextEquals("time_zone"u8))
            {
                ReadText($"/params/{_json.GetString()}");
            }
            else
            {
                ReportUnknown("/params/", "ticker, data_type, data, index_col, on_duplicate and time_zone");
            }
        }
    }

    private void ReadData()
    {
        if (_hasData)
        {
            _problems.Add("/params/data", "It is present more than once.");
        }

        _hasData = true;
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            _problems.Add("/params/data", "It is not an array of records.");
            _json.Skip();
            return;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray && _records.Count <= MaxRecords)
        {
            _records.Add(SaveRecordReader.Read(ref _json, _records.Count, out var ticker, _problems));
            if (ticker is not null)
            {
                (_tickers ??= []).TryAdd(ticker, _records.Count - 1);
            }
        }

        while (_json.TokenType != JsonTokenType.EndArray && _json.Read())
        {
            _json.Skip();
        }
    }

    private void ReadText(string place)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
        {
            _problems.Add(place, "It is not a string.");
        }

        if (!_texts.TryAdd(place, _json.TokenType == JsonTokenType.String ? _json.GetString() : null))
        {
            _problems.Add(place, "It is present more than once.");
        }

        _json.Skip();
    }

    private void ReportUnknown(string place, string known)
    {
        _problems.Add(place + RequestProblems.Escape(Shorten(_json.GetString()!)), $"There is no such field; the fields are {known}.");
        _json.Read();
        _json.Skip();
    }

    private readonly SaveCommand? Complete()
    {
        var command = _texts.GetValueOrDefault("/command");
        if (command != CommandName)
        {
            // Report only the unknown command, because its fields are unknown too.
            _problems.Clear();
            _problems.Add(
                "/command",
                command is null
                    ? $"{Missing} The supported command is {CommandName}."
                    : $"Command '{Shorten(command)}' is not supported; use {CommandName}.");
            return null;
        }

        if (!_hasParams)
        {
            _problems.Add("/params", Missing);
            return null;
        }

        if (!_hasData)
        {
            _problems.Add("/params/data", Missing);
        }

        CheckKnown("/params/index_col", "timestamp");
        CheckKnown("/params/on_duplicate", "ignore");
        CheckKnown("/params/time_zone", "UTC");
        CheckZones();
        var kind = Kind();
        var symbol = SymbolOf("/params/ticker", _texts.GetValueOrDefault("/params/ticker"));
        if (symbol is null)
        {
            return null;
        }

        if (kind is { } named && !TickIdentity.IsDefinedFor(symbol.Market, named))
        {
            _problems.Add("/params/data_type", $"{symbol} has no trades: currencies and metals have only quotes.");
            kind = null;
        }

        foreach (var (ticker, index) in _tickers ?? [])
        {
            if (!Symbol.TryParse(ticker, out var own) || !own.Equals(symbol))
            {
                _problems.Add(
                    RequestProblems.Record(index, "ticker"),
                    $"It is '{Shorten(ticker)}', but the command is for {symbol}: a command has only one ticker.");
            }
        }

        return kind is { } known ? new SaveCommand(symbol, known, _records) : null;
    }

    private readonly void CheckZones()
    {
        if (_texts.GetValueOrDefault("/params/time_zone") is not null)
        {
            return;
        }

        foreach (var (index, _) in _records.Index().Where(record => record.Item.IsZoneless))
        {
            _problems.Add(
                RequestProblems.Record(index, "timestamp"),
                "It has no time zone: append Z or an offset, or set params.time_zone to UTC for all times without one.");
        }
    }

    private readonly TickKind? Kind()
    {
        switch (_texts.GetValueOrDefault("/params/data_type"))
        {
            case "quote":
                return TickKind.Quote;
            case "trade":
                return TickKind.Trade;
            case null:
                _problems.Add("/params/data_type", Missing);
                return null;
            case var other:
                _problems.Add("/params/data_type", $"'{Shorten(other)}' is not supported; use quote or trade.");
                return null;
        }
    }

    private readonly Symbol? SymbolOf(string place, string? ticker)
    {
        if (!Symbol.TryParse(ticker, out var symbol))
        {
            _problems.Add(place, ticker is null ? Missing : $"It is '{Shorten(ticker)}'. {Symbol.HintFor(ticker)}");
        }

        return symbol;
    }

    private readonly void CheckKnown(string place, string known)
    {
        if (_texts.GetValueOrDefault(place) is { } text && text != known)
        {
            _problems.Add(place, $"'{Shorten(text)}' is not supported; use {known}.");
        }
    }

    /// <summary>Shortens an untrusted text for a message.</summary>
    internal static string Shorten(string text) => text.Length <= Symbol.MaxNameBytes ? text : $"{text[..Symbol.MaxNameBytes]}...";
}
