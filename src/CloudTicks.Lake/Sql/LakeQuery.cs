using System.Text.RegularExpressions;
using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Sql;

/// <summary>
/// A user's query. DuckDB's own parser, not a search for keywords, checks that it is a single read-only statement. The database also
/// restricts the query to the lake's files.
/// </summary>
internal sealed partial class LakeQuery
{
    private LakeQuery(string text, bool isExplanation) => (Text, IsExplanation) = (text, isExplanation);

    /// <summary>The statement without its terminator.</summary>
    public string Text { get; }

    /// <summary>Whether the query is an EXPLAIN statement.</summary>
    public bool IsExplanation { get; }

    /// <summary>Checks a text.</summary>
    /// <exception cref="LakeQueryException">The text is not a single read-only statement.</exception>
    /// <exception cref="DuckDbException">The text is not valid SQL, or names something that does not exist.</exception>
    public static LakeQuery Parse(DuckDbConnection connection, string sql)
    {
        var text = Ending().Replace(sql, "");
        switch (KindOf(connection, text))
        {
            case DuckDbStatementKind.Select:
                return new LakeQuery(text, isExplanation: false);
            // EXPLAIN ANALYZE runs the explained statement, so the statement must also be read-only.
            case DuckDbStatementKind.Explain when KindOf(connection, Explain().Replace(text, "")) == DuckDbStatementKind.Select:
                return new LakeQuery(text, isExplanation: true);
            default:
                throw new LakeQueryException(
                    "The lake is read-only: a query must be one SELECT (or FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, EXPLAIN).");
        }
    }

    private static DuckDbStatementKind KindOf(DuckDbConnection connection, string text)
    {
        var kinds = new List<DuckDbStatementKind>();
        foreach (var statement in connection.Prepare(text))
        {
            kinds.Add(statement.Kind);
            statement.Dispose();
            if (kinds.Count > 1)
            {
                throw new LakeQueryException("Only one statement is allowed, but there are several.");
            }
        }

        return kinds.Count == 0 ? throw new LakeQueryException("The query is empty.") : kinds[0];
    }

    [GeneratedRegex(@"[\s;]+\z")]
    private static partial Regex Ending();

    [GeneratedRegex(@"\A\s*EXPLAIN\s+(ANALYZE\s+|VERBOSE\s+|\([^)]*\)\s*)*", RegexOptions.IgnoreCase)]
    private static partial Regex Explain();
}
