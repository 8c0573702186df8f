using CloudTicks.Cli.Sql;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Sql;

public class LineEditorTests
{
    [Fact]
    public void Keys_edit_the_line()
    {
        var editor = new LineEditor([]);
        Type(editor, "SELEC 1");
        Press(editor, ConsoleKey.LeftArrow, ConsoleKey.LeftArrow);
        Type(editor, "T");
        Press(editor, ConsoleKey.Home, ConsoleKey.Delete);
        Type(editor, "s");
        Press(editor, ConsoleKey.End, ConsoleKey.Backspace);
        Type(editor, "2");

        editor.Text.ShouldBe("sELECT 2");
        editor.Press(new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false)).ShouldBeTrue();
    }

    [Fact]
    public void Arrows_restore_earlier_queries_and_typed_text()
    {
        var editor = new LineEditor(["one", "two"]);
        Type(editor, "draft");
        Press(editor, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow);
        editor.Text.ShouldBe("one");
        Press(editor, ConsoleKey.DownArrow);
        editor.Text.ShouldBe("two");
        Press(editor, ConsoleKey.DownArrow, ConsoleKey.DownArrow);
        editor.Text.ShouldBe("draft");
    }

    [Fact]
    public void History_is_readable_by_its_user_only()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("state/sql-history");
        var history = new QueryHistory(file);
        history.Add("SELECT\n1;");
        history.Add("SELECT 1;");
        history.Add("SELECT 2;");

        new QueryHistory(file).Queries.ShouldBe(["SELECT 1;", "SELECT 2;"]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.GetDirectoryName(file)!).ShouldBe(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Type(LineEditor editor, string text)
    {
        foreach (var letter in text)
        {
            editor.Press(new ConsoleKeyInfo(letter, default, false, false, false));
        }
    }

    private static void Press(LineEditor editor, params ConsoleKey[] keys)
    {
        foreach (var key in keys)
        {
            editor.Press(new ConsoleKeyInfo('\0', key, false, false, false));
        }
    }
}
