using System.Text;

namespace CloudTicks.Timescale.Schema;

/// <summary>
/// Splits a migration into statements without comments. A statement ends with a semicolon at the end of a line outside <c>$$</c>.
/// </summary>
internal static class SqlStatements
{
    private const string Quote = "$$";

    public static IEnumerable<string> Of(string script)
    {
        var statement = new StringBuilder();
        var isQuoted = false;
        foreach (var line in script.Split('\n'))
        {
            var code = WithoutComment(line).TrimEnd();
            statement.Append(code).Append('\n');
            isQuoted ^= (code.Split(Quote).Length - 1) % 2 == 1;
            if (!isQuoted && code.EndsWith(';'))
            {
                yield return statement.ToString();
                statement.Clear();
            }
        }

        if (statement.ToString().Trim().Length > 0)
        {
            yield return statement.ToString();
        }
    }

    private static string WithoutComment(string line)
    {
        var isText = false;
        for (var index = 0; index < line.Length; index++)
        {
            isText ^= line[index] == '\'';
            if (!isText && line.AsSpan(index).StartsWith("--"))
            {
                return line[..index];
            }
        }

        return line;
    }
}
