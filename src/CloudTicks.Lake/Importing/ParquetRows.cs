using System.Text;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>The rows of a Parquet file as text. Decimals keep all digits; a double is converted to its shortest round-trip text.</summary>
internal sealed class ParquetRows : IImportRows
{
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly string _path;
    private readonly List<string> _expressions = [];
    private DuckDbResult? _result;
    private DuckDbChunk? _chunk;
    private int _next;

    /// <exception cref="InvalidDataException">The file is not a Parquet file, or is damaged.</exception>
    public ParquetRows(string path, DuckDbSettings settings)
    {
        _path = SqlText.Quote(path);
        _database = DuckDbDatabase.Open(settings);
        _connection = _database.Connect();
        try
        {
            Columns = [.. Describe()];
        }
        catch (DuckDbException damaged)
        {
            Dispose();
            throw new InvalidDataException(OneLine(damaged));
        }
    }

    public long Number { get; private set; }

    public string Unit => "row";

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads kind and market from the file's metadata; both are null if the file was not written for a lake.</summary>
    public (TickKind? Kind, Market? Market) Series()
    {
        (TickKind?, Market?) series = default;
        using var result = _connection.Query($"SELECT decode(key), decode(value) FROM parquet_kv_metadata({_path})");
        while (result.TryRead(out var rows))
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var value = Encoding.UTF8.GetString(rows[1].Bytes(i));
                switch (Encoding.UTF8.GetString(rows[0].Bytes(i)))
                {
                    case TickSchema.KindKey when TickNames.TryParse(value, out TickKind kind): series.Item1 = kind; break;
                    case TickSchema.MarketKey when TickNames.TryParse(value, out Market market): series.Item2 = market; break;
                }
            }
        }

        return series;
    }

    public bool TryRead(TextRow row)
    {
        try
        {
            _result ??= _connection.Query(
                $"SELECT {string.Join(", ", _expressions)} FROM read_parquet({_path}, hive_partitioning = false)");
            while (_chunk is null || _next == _chunk.Count)
            {
                if (!_result.TryRead(out _chunk))
                {
                    return false;
                }

                _next = 0;
            }
        }
        catch (DuckDbException damaged)
        {
            throw new InvalidDataException(OneLine(damaged));
        }

        row.Clear();
        for (var column = 0; column < Columns.Count; column++)
        {
            if (!_chunk[column].IsNull(_next))
            {
                row.Append(_chunk[column].Bytes(_next));
            }

            row.End();
        }

        _next++;
        Number++;
        return true;
    }

    public void Dispose()
    {
        _result?.Dispose();
        _connection.Dispose();
        _database.Dispose();
    }

    private IEnumerable<string> Describe()
    {
        using var result = _connection.Query($"FROM read_parquet({_path}, hive_partitioning = false) LIMIT 0");
        foreach (var column in result.Columns)
        {
            var name = $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            _expressions.Add(column.Type switch
            {
                DuckDbType.Timestamp or DuckDbType.TimestampS or DuckDbType.TimestampMs or DuckDbType.TimestampNs =>
                    $"strftime({name}::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%f')",
                DuckDbType.TimestampTz => $"strftime(timezone('UTC', {name}), '%Y-%m-%d %H:%M:%S.%fZ')",
                DuckDbType.Blob => $"decode({name})",
                _ => $"{name}::VARCHAR",
            });
            yield return column.Name;
        }
    }

    private static string OneLine(DuckDbException damaged) => damaged.Message.ReplaceLineEndings(" ");
}
