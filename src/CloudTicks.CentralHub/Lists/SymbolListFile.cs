using System.Text;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CloudTicks.CentralHub.Lists;

/// <summary>Reads YAML lists of symbols, texts as they are (<c>ON</c> is a ticker); errors name file, line and column.</summary>
public sealed class SymbolListFile
{
    private const int MaxBytes = 4 << 20;

    private static readonly HashSet<string> Remarks = new(StringComparer.Ordinal) { "as_of", "name", "source", "note", "description" };

    private readonly string _path;
    private readonly Parser _yaml;
    private readonly ICollection<string>? _doubts;
    private readonly List<Symbol> _symbols = [];

    private SymbolListFile(string path, string text, ICollection<string>? doubts) =>
        (_path, _yaml, _doubts) = (path, new Parser(new StringReader(text)), doubts);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SymbolListException">It cannot be read, or is no list of symbols.</exception>
    public static IReadOnlyList<Symbol> Read(string path) => Read(path, null);

    /// <summary>Reads a file.</summary>
    /// <param name="doubts">Takes a sentence for each symbol that does not look like one of its market.</param>
    /// <exception cref="SymbolListException">It cannot be read, or is no list of symbols.</exception>
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
            throw file.Wrong(exception.Start, $"is no YAML ({exception.Message.TrimEnd('.')})");
        }

        return file._symbols.Count > 0 ? file._symbols : throw new SymbolListException(
            $"The file of symbols {full} holds none: write one a line, as '- AAPL'.");
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
                    $"The file of symbols {path} is larger than {new ByteSize(MaxBytes)}: is it the right one?");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SymbolListException($"The file of symbols {path} cannot be read: {exception.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw new SymbolListException($"The file of symbols {path} is no text in UTF-8.");
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
            // Comments alone are an empty scalar.
            var found = _yaml.Consume<ParsingEvent>();
            if (found is not Scalar { Value.Length: 0 })
            {
                throw Wrong(found.Start, "is no list: write '- AAPL', one a line");
            }
        }

        _yaml.Consume<DocumentEnd>();
        if (_yaml.TryConsume<DocumentStart>(out var second))
        {
            throw Wrong(second.Start, "begins a second document: put all into one");
        }
    }

    private void ReadLists()
    {
        while (!_yaml.TryConsume<MappingEnd>(out _))
        {
            var key = _yaml.Consume<ParsingEvent>();
            if (key is not Scalar { Value: var name })
            {
                throw Wrong(key.Start, "is no name of a list");
            }

            if (_yaml.TryConsume<SequenceStart>(out _))
            {
                ReadList();
                continue;
            }

            var value = _yaml.Consume<ParsingEvent>();
            if (value is not Scalar { Value: var text } || (!Remarks.Contains(name) && text.Length > 0))
            {
                throw Wrong(value.Start, $"is no list of symbols under '{name}': write '- AAPL', one a line, below it");
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
                throw Wrong(entry.Start, "is no symbol: a list holds names alone, as '- AAPL'");
            }

            _symbols.Add(Symbol.TryParse(text, out var symbol) ? symbol : throw Wrong(
                entry.Start,
                $"has '{text}', which is no symbol: write stocks as AAPL, pairs as EURUSD or BTC-USD, options as O:SPY251219C00650000, "
                    + $"one a line"));
            if (_doubts is not null && SymbolAdvice.Of(_symbols[^1]) is { } doubt)
            {
                _doubts.Add($"{_path}, line {entry.Start.Line}: '{text}'. {doubt}");
            }
        }
    }

    private SymbolListException Wrong(Mark at, string sentence) =>
        new($"The file of symbols {_path}, line {at.Line}, column {at.Column}, {sentence}.");
}
