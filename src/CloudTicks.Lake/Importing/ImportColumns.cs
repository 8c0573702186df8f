using System.Globalization;

namespace CloudTicks.Lake.Importing;

/// <summary>Maps the columns of a file to fields.</summary>
internal sealed class ImportColumns
{
    private readonly int[] _columns = new int[ImportFields.Count];
    private readonly string[] _names = new string[ImportFields.Count];

    private ImportColumns() => Array.Fill(_columns, -1);

    /// <summary>
    /// Whether the file is a Polygon flat file, whose columns mean the same as in Polygon's REST API; false if the settings map columns.
    /// </summary>
    public bool IsPolygon { get; private init; }

    /// <summary>The index of the column of a field; -1 if there is none.</summary>
    public int this[ImportField field] => _columns[(int)field];

    public bool Has(ImportField field) => this[field] >= 0;

    /// <summary>The column's name, for messages.</summary>
    public string NameOf(ImportField field) => _names[(int)field] ?? ImportFields.NameOf(field);

    /// <summary>Finds the columns.</summary>
    /// <param name="header">The columns' names; empty if the file has none.</param>
    /// <exception cref="LakeException">A named column does not exist, or a field that every tick needs has no column.</exception>
    public static ImportColumns Find(string file, IReadOnlyList<string> header, ImportSettings settings)
    {
        var isPolygon = settings.Columns.Count == 0 && PolygonFlatFile.IsHeader(header);
        var columns = new ImportColumns { IsPolygon = isPolygon };
        foreach (var field in Enum.GetValues<ImportField>())
        {
            var index = settings.Columns.TryGetValue(ImportFields.NameOf(field), out var named)
                ? named.Length == 0 ? -1 : IndexOf(file, header, field, named)
                : (isPolygon ? PolygonFlatFile.ColumnsOf(field, header) : ImportFields.ColumnsOf(field))
                    .Select(name => IndexOf(header, name)).FirstOrDefault(found => found >= 0, -1);
            columns._columns[(int)field] = index;
            columns._names[(int)field] = index >= 0 && index < header.Count ? header[index] : $"{index + 1}";
        }

        columns.Check(file, header, settings);
        return columns;
    }

    private static int IndexOf(IReadOnlyList<string> header, string name)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (string.Equals(header[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private static int IndexOf(string file, IReadOnlyList<string> header, ImportField field, string named)
    {
        var index = header.ToList().IndexOf(named) is >= 0 and var exact ? exact : IndexOf(header, named);
        if (index < 0 && header.Count == 0 && int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0)
        {
            return number - 1;
        }

        return index >= 0 ? index : throw new LakeException(
            header.Count == 0
                ? $"{file}: --map {ImportFields.NameOf(field)}={named}: the file has no header; name a column by its number, starting at 1."
                : $"{file}: --map {ImportFields.NameOf(field)}={named}: the file has no such column. Its columns are: "
                    + $"{string.Join(", ", header)}.");
    }

    private void Check(string file, IReadOnlyList<string> header, ImportSettings settings)
    {
        var missing = !Has(ImportField.Time) ? "time"
            : !Has(ImportField.Symbol) && settings.Symbol is null ? "symbol"
            : !Has(ImportField.Bid) && !Has(ImportField.Ask) && !Has(ImportField.Price) ? "bid, ask or price" : null;
        if (missing is null)
        {
            return;
        }

        var foundColumns = header.Count == 0 ? "it has no header" : $"its columns are: {string.Join(", ", header)}";
        var symbolHint = missing == "symbol" ? ", or set the symbol of all ticks with --symbol" : "";
        throw new LakeException(
            $"{file}: no column was recognized as {missing} ({foundColumns}). Name the column with "
                + $"--map {missing.Split(',', ' ')[0]}=COLUMN{symbolHint}.");
    }
}
