using System.Text;

namespace CloudTicks.Cli.Sql;

/// <summary>The line being typed, with history on the arrow keys. This class does not draw.</summary>
internal sealed class LineEditor(IReadOnlyList<string> history)
{
    private readonly StringBuilder _text = new();
    private int _entry = history.Count;
    private string _draft = "";

    public string Text => _text.ToString();

    /// <summary>The cursor's position.</summary>
    public int Position { get; private set; }

    /// <summary>Handles a key.</summary>
    /// <returns>True when the line is complete.</returns>
    public bool Press(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return true;
            case ConsoleKey.UpArrow when _entry > 0:
                Recall(_entry - 1);
                break;
            case ConsoleKey.DownArrow when _entry < history.Count:
                Recall(_entry + 1);
                break;
            case ConsoleKey.LeftArrow:
                Position = Math.Max(0, Position - 1);
                break;
            case ConsoleKey.RightArrow:
                Position = Math.Min(_text.Length, Position + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when key.Modifiers == ConsoleModifiers.Control:
                Position = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when key.Modifiers == ConsoleModifiers.Control:
                Position = _text.Length;
                break;
            case ConsoleKey.Backspace when Position > 0:
                _text.Remove(--Position, 1);
                break;
            case ConsoleKey.Delete when Position < _text.Length:
                _text.Remove(Position, 1);
                break;
            case ConsoleKey.U when key.Modifiers == ConsoleModifiers.Control:
                _text.Remove(0, Position);
                Position = 0;
                break;
            default:
                Insert(key.KeyChar);
                break;
        }

        return false;
    }

    private void Insert(char character)
    {
        if (!char.IsControl(character))
        {
            _text.Insert(Position++, character);
        }
    }

    private void Recall(int entry)
    {
        if (_entry == history.Count)
        {
            _draft = Text;
        }

        _entry = entry;
        _text.Clear().Append(entry == history.Count ? _draft : history[entry]);
        Position = _text.Length;
    }
}
