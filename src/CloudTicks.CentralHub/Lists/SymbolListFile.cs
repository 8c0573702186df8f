using System.Text;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CloudTicks.CentralHub.Lists;

/// <summary>
/// Reads YAML lists of symbols. All scalars are read as text, because <c>ON</c> is a ticker. Errors name the file and, if the content is
/// wrong, the line and column.
/// </summary>
public sealed class SymbolListFile
{
    private const int MaxBytes = 4 << 20;

    private static readonly HashSet<string> RemarkKeys = new(StringComparer.Ordinal) { "as_of", "name", "source", "note", "description" };

    private readonly string _path;
    private readonly Parser _yaml;
    private readonly ICollection<string>? _doubts;
    private readonly List<Symbol> _symbols = [];

    private SymbolListFile(string path, string text, ICollection<string>? doubts) =>
        (_path, _yaml, _doubts) = (path, new Parser(new StringReader(text)), doubts);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SymbolListException">The file cannot be read, or is not a list of symbols.</exception>
    public static IReadOnlyList<Symbol> Read(string path) => Read(path, null);

    /// <summary>Reads a file.</summary>
    /// <param name="doubts">Receives a sentence for each doubtful symbol.</param>
    /// <exception cref="SymbolListException">The file cannot be read, or is not a list of symbols.</exception>
    public static IReadOnlyList<Symbol> Read(string path, ICollection<string>? doubts)
    {
        var full = Path.GetFullPath(path);
        var file = new SymbolListFile(full, ReadText(full), doubts);
        try
        {
            file.ReadDocument();
        }
        catch (YamlException exception)
        {
            throw file.Fault(exception.Start, $"is not YAML ({exception.Message.TrimEnd('.')})");
        }

        return file._symbols.Count > 0 ? file._symbols : throw new SymbolListException(
            $"The symbol file {full} has no symbols: write one per line, such as '- AAPL'.");
    }

    private static string ReadText(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MaxBytes
                ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\uFEFF')
                : throw new SymbolListException(
                    $"The symbol file {path} is larger than {new ByteSize(MaxBytes)}: check that it is the right file.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SymbolListException($"The symbol file {path} cannot be read: {exception.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw new SymbolListException($"The symbol file {path} is not UTF-8 text.");
        }
    }

    private void ReadDocument()
    {
        _yaml.Consume<StreamStart>();
        if (!_yaml.TryConsume<DocumentStart>(out _))
        {
            return;
        }

        if (_yaml.TryConsume<SequenceStart>(out _))
        {
            ReadList();
        }
        else if (_yaml.TryConsume<MappingStart>(out _))
        {
            ReadLists();
        }
        else
        {
            // A file with only comments parses as an empty scalar.
            var found = _yaml.Consume<ParsingEvent>();
            if (found is not Scalar { Value.Length: 0 })
            {
                throw Fault(found.Start, "is not a list: write one symbol per line, such as '- AAPL'");
            }
        }

        _yaml.Consume<DocumentEnd>();
        if (_yaml.TryConsume<DocumentStart>(out var second))
        {
            throw Fault(second.Start, "begins a second document: use only one");
        }
    }

    private void ReadLists()
    {
        while (!_yaml.TryConsume<MappingEnd>(out _))
        {
            var key = _yaml.Consume<ParsingEvent>();
            if (key is not Scalar { Value: var name })
            {
                throw Fault(key.Start, "is not the name of a list");
            }

            if (_yaml.TryConsume<SequenceStart>(out _))
            {
                ReadList();
                continue;
            }

            var value = _yaml.Consume<ParsingEvent>();
            if (value is not Scalar { Value: var text } || (!RemarkKeys.Contains(name) && text.Length > 0))
            {
                throw Fault(value.Start, $"is not a list of symbols under '{name}': write one symbol per line below it, such as '- AAPL'");
            }
        }
    }

    private void ReadList()
    {
        while (!_yaml.TryConsume<SequenceEnd>(out _))
        {
            var entry = _yaml.Consume<ParsingEvent>();
            if (entry is not Scalar { Value: var text })
            {
                throw Fault(entry.Start, "is not a symbol: a list has only names, such as '- AAPL'");
            }

            _symbols.Add(Symbol.TryParse(text, out var symbol) ? symbol : throw Fault(
                entry.Start,
                $"has '{text}', which is not a symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as O:SPY251219C00650000, "
                    + $"one per line"));
            if (_doubts is not null && SymbolAdvice.Of(_symbols[^1]) is { } doubt)
            {
                _doubts.Add($"{_path}, line {entry.Start.Line}: '{text}'. {doubt}");
            }
        }
    }

    private SymbolListException Fault(Mark at, string sentence) =>
        new($"The symbol file {_path}, line {at.Line}, column {at.Column}, {sentence}.");
}
