using System.CommandLine;
using System.Globalization;

namespace CloudTicks.Cli.Tests.Usage;

/// <summary>
/// Runs a thousand command lines with one mistake each, none of which may execute anything, and a thousand valid ones with flags
/// at different positions. CLOUDTICKS_TEST_SEED sets the seed, which a failure names.
/// </summary>
public sealed class GeneratedLineTests
{
    private const int LineCount = 1_000;

    private static readonly int Seed = int.TryParse(
        Environment.GetEnvironmentVariable("CLOUDTICKS_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20_261_122;

    private readonly CommandTree _tree = new();
    private readonly Random _random = new(Seed);

    [Fact]
    public void Invalid_line_executes_nothing_and_reports_why()
    {
        TestContext.Current.SendDiagnosticMessage("Seed {0}", Seed);
        var commands = _tree.Commands.ToArray();
        for (var number = 0; number < LineCount; number++)
        {
            var (valid, options) = Any(commands);
            var line = WithMistake(number % 8, valid, options);

            var (code, errors) = _tree.Run(line);

            var context = $"seed {Seed}, line {number}: {string.Join('|', line.Select(word => word.Length > 80 ? word[..80] : word))}";
            code.ShouldBe(2, context);
            errors.ShouldNotBeNullOrWhiteSpace(context);
            errors.ShouldNotContain("System.", Case.Sensitive, context);
            errors.ShouldNotMatch("Int32|Int64|TimeSpan|Boolean|[A-Z][a-z]+:[A-Z]", context);
            errors.Length.ShouldBeLessThan(4_000, context);
            _tree.Executed.ShouldBe(0, context);
        }
    }

    [Fact]
    public void Valid_line_with_flags_at_any_position_is_executed()
    {
        var commands = _tree.Commands.ToArray();
        for (var number = 0; number < LineCount; number++)
        {
            var (valid, options) = Any(commands);
            var flags = options.Where(option => option.Name is "--json" or "--dry-run" or "--force").OrderBy(_ => _random.Next()).Take(2);
            var line = valid.ToList();
            foreach (var flag in flags)
            {
                // Insert between the command's name and its first value, or at the end: a value must stay after its option.
                line.Insert(_random.Next(2) == 0 ? PathLength(valid) : line.Count, flag.Name);
            }

            var context = $"seed {Seed}, line {number}: {string.Join(' ', line)}";
            _tree.Run([.. line]).ShouldBe((0, ""), context);
            _tree.Executed.ShouldBe(number + 1, context);
        }
    }

    private string[] WithMistake(int kind, string[] valid, Option[] options)
    {
        var optionsWithValue = options.Where(option => option.Arity.MinimumNumberOfValues > 0 && option.Name is not "--comment").ToArray();
        var option = optionsWithValue.Length > 0 ? Any(optionsWithValue).Name : "--hub";
        var at = _random.Next(PathLength(valid), valid.Length + 1);
        return kind switch
        {
            0 => [.. valid, Misspell(Any(options).Name, options)],
            1 => [.. valid, .. RepeatOption(options)],
            2 => [.. valid, option],
            3 => [.. valid, option, ""],
            4 => [.. valid[..at], "\u202E" + Any(options).Name, .. valid[at..]],
            5 => [.. valid, option, new string((char)('a' + _random.Next(26)), 100_000)],
            6 => [.. valid[..at], " ", .. valid[at..]],
            _ => [.. valid, "--" + new string('x', 100_000)],
        };
    }

    private string Misspell(string name, Option[] options)
    {
        string wrong;
        do
        {
            var at = _random.Next(2, name.Length);
            wrong = _random.Next(3) switch
            {
                0 => name.Remove(at, 1),
                1 => name.Insert(at, ((char)('a' + _random.Next(26))).ToString()),
                _ => name[..at] + (char)('a' + _random.Next(26)) + name[(at + 1)..],
            };
        }
        while (wrong.Length < 3 || options.Any(option => option.Name == wrong || option.Aliases.Contains(wrong)));

        return wrong;
    }

    private string[] RepeatOption(Option[] options)
    {
        Option[] single = [.. options.Where(one => one.Arity.MaximumNumberOfValues <= 1 && one.Name is not ("--help" or "--version"))];
        if (single.Length == 0)
        {
            return [Misspell(Any(options).Name, options)];
        }

        var option = Any(single);
        string[] once = option.Arity.MinimumNumberOfValues > 0 ? [option.Name, "5"] : [option.Name];
        return [.. once, .. once];
    }

    /// <summary>The number of words in the command's name: options and values begin after them.</summary>
    private int PathLength(string[] valid) =>
        _tree.Paths.Where(path => valid.Take(path.Length).SequenceEqual(path)).Max(path => path.Length);

    private T Any<T>(T[] items) => items[_random.Next(items.Length)];
}
