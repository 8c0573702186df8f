using System.CommandLine;

namespace CloudTicks.Cli.Tests.Usage;

/// <summary>
/// Misspells every option of every command: it must be refused before anything runs, and never become a symbol or a value.
/// </summary>
public sealed class MisspeltOptionTests
{
    private readonly CommandTree _tree = new();

    [Fact]
    public void Valid_lines_of_these_tests_are_executed()
    {
        foreach (var (valid, _) in _tree.Commands)
        {
            _tree.Run(valid).ShouldBe((0, ""), string.Join(' ', valid));
        }

        _tree.Executed.ShouldBe(_tree.Commands.Count());
    }

    [Fact]
    public void Option_misspelt_by_one_letter_is_refused_in_every_command()
    {
        var lineCount = 0;
        foreach (var (valid, options) in _tree.Commands)
        {
            var names = Names(options).ToHashSet();
            foreach (var wrong in names.SelectMany(Misspellings).Where(text => text.Length > 1 && !names.Contains(text)).Distinct())
            {
                string[][] forms = [[wrong], [wrong, "5"], [wrong + "=5"], [wrong, "EURUSD,XAUUSD"], [wrong + "=a few words"]];
                foreach (var rest in forms)
                {
                    ShouldBeRefused([.. valid, .. rest], $"{wrong} is not an option of ");
                    lineCount++;
                }
            }
        }

        lineCount.ShouldBeGreaterThan(10_000);
        _tree.Executed.ShouldBe(0);
    }

    [Fact]
    public void Option_without_its_value_is_refused_in_every_command()
    {
        foreach (var (valid, options) in _tree.Commands)
        {
            foreach (var name in Names(options.Where(option => option.Arity.MinimumNumberOfValues > 0)))
            {
                ShouldBeRefused([.. valid, name], "");
                ShouldBeRefused([.. valid, name, "--json"], "");
                ShouldBeRefused([.. valid, name, "--nope"], "--nope is not an option of ");
            }
        }

        _tree.Executed.ShouldBe(0);
    }

    [Fact]
    public void Repeated_single_value_option_is_refused_by_every_command()
    {
        foreach (var (valid, options) in _tree.Commands)
        {
            foreach (var option in options.Where(option => option.Arity.MaximumNumberOfValues <= 1 && option.Name is not "--help"))
            {
                string[] once = option.Arity.MinimumNumberOfValues > 0 ? [option.Name, "5"] : [option.Name];
                ShouldBeRefused([.. valid, .. once, .. once], $"{option.Name} is used ");
            }
        }

        _tree.Executed.ShouldBe(0);
    }

    [Fact]
    public void All_faults_of_a_line_are_reported_at_once()
    {
        var (code, errors) = _tree.Run(
            "stream", "--symbols", "###,MSFT", "aapl", "--types", "sp-501", "--symbols-list", "/nowhere/list.yaml",
            "--max-connections", "65",
            "--feed", "bars", "--batch-intervall", "5");

        code.ShouldBe(2);
        string[] sentences =
        [
            "'###'", "'aapl': Tickers are written in upper-case letters. Did you mean AAPL?", "did you mean sp-500?",
            "/nowhere/list.yaml cannot be read", "--max-connections: '65' is not a whole number from 1 to 64.",
            "--feed: 'bars' is not one of",
            "did you mean --batch-interval?",
        ];
        foreach (var sentence in sentences)
        {
            errors.ShouldContain(sentence, Case.Sensitive);
        }

        errors.ShouldNotContain("'5'");
        _tree.Executed.ShouldBe(0);
    }

    [Theory]
    [InlineData("--dryrun is not an option of symbols add; did you mean --dry-run?", "symbols add EURAUD --dryrun")]
    [InlineData(
        "--batch-intervall is not an option of stream; did you mean --batch-interval?", "stream --symbols AAPL --batch-intervall 5")]
    [InlineData("--db-servr is not an option of stream; did you mean --db-server?", "stream --symbols AAPL --db-servr host")]
    [InlineData("--nope is not an option of tail; the options are --json, --count, --server", "tail EURUSD --nope")]
    [InlineData("--form is not an option of export; did you mean --from?", "export --format csv --symbols EURUSD --form 2026")]
    [InlineData("--nope is not an option of verify; the options are ", "verify --symbols EURUSD --nope 1")]
    [InlineData("-dry-run is not an option of symbols add; did you mean --dry-run?", "symbols add EURAUD -dry-run")]
    [InlineData("–dry-run is not an option of symbols add; did you mean --dry-run?", "symbols add EURAUD –dry-run")]
    [InlineData("-mm is not an option of symbols add", "symbols add EURAUD -mm why")]
    [InlineData("--dryrun is not an option of config set; did you mean --dry-run?", "config set rate_limit_per_second=10 --dryrun")]
    [InlineData("--dryrun is not an option of config set; did you mean --dry-run?", "config set rate_limit_per_second=10 --dryrun=true")]
    [InlineData("--al is not an option of keys revoke", "keys revoke --al")]
    [InlineData("--dryrun is not an option of rollout set; did you mean --dry-run?", "rollout set nasdaq 25 --comment --dryrun")]
    [InlineData("'--dryrun': It is not a symbol", "symbols add EURAUD -- --dryrun")]
    [InlineData("'--dryrun': It is not a symbol", "symbols add EURAUD,--dryrun")]
    [InlineData("'-5': It is not a symbol", "symbols add EURAUD -5")]
    [InlineData("'-': It is not a symbol", "symbols add EURAUD -")]
    [InlineData("'-' is not a symbol", "stream --symbols EURUSD -")]
    [InlineData("--to-topic is used twice", "replay --to-topic one --to-topic two")]
    [InlineData("'--all': It is not a symbol", "tail EURUSD,--all")]
    [InlineData("'--*': It is not a symbol", "tail -- --*")]
    [InlineData("'--nope': It is not a symbol", "watch --symbols=--nope")]
    [InlineData("'--nope' is not a symbol", "backfill --symbol=--nope --from 2026-11-20 --to 2026-11-21")]
    [InlineData("--max-expiry-days: 'soon' is not a whole number, or out of range.", "stream --symbols SPY --max-expiry-days soon")]
    [InlineData("--max-connections: '65' is not a whole number from 1 to 64.", "stream --symbols SPY --max-connections 65")]
    [InlineData("'--nope' is not a symbol", "decode --symbol EURUSD,--nope")]
    public void Misspelt_option_or_wrong_value_is_reported(string sentence, string line)
    {
        ShouldBeRefused(line.Split(' '), sentence);

        _tree.Executed.ShouldBe(0);
    }

    [Theory]
    [InlineData("symbols add EURAUD --comment=--dryrun")]
    [InlineData("symbols add EURAUD --comment -5")]
    [InlineData("config set -")]
    [InlineData("symbols add --dry-run EURAUD")]
    [InlineData("watch --symbols EURUSD --symbols XAUUSD")]
    [InlineData("watch --symbols EURUSD --db-server localhost:9100")]
    [InlineData("decode --symbols EURUSD XAUUSD,AAPL")]
    public void Argument_intended_as_a_value_is_accepted(string line)
    {
        _tree.Run(line.Split(' ')).ShouldBe((0, ""));

        _tree.Executed.ShouldBe(1);
    }

    [Theory]
    [InlineData("backfill --symbol EURUSD --from 2026-11-20 --to 2026-11-21", "--server")]
    [InlineData("config explain Symbols", "--process")]
    public void Old_option_name_is_accepted_alone_and_hidden(string line, string old)
    {
        string[] valid = line.Split(' ');
        string[][] forms = [[.. valid, old, "127.0.0.1:8000"], [.. valid, "--collector", "127.0.0.1:8000"]];
        foreach (var form in forms)
        {
            _tree.Run(form).ShouldBe((0, ""));
        }

        _tree.Executed.ShouldBe(2);
        ShouldBeRefused([.. valid, old, "127.0.0.1:8000", "--collector", "127.0.0.1:8000"], $"{old} is the old name of --collector");
        ShouldBeRefused([.. valid, old, "ftp://x"], "'ftp://x' is not host:port.");
        _tree.Commands.Single(command => command.Valid.SequenceEqual(valid)).Options.Single(option => option.Name == old)
            .Hidden.ShouldBeTrue();
        _tree.Executed.ShouldBe(2);
    }

    private void ShouldBeRefused(string[] line, string sentence)
    {
        var (code, errors) = _tree.Run(line);

        code.ShouldBe(2, string.Join(' ', line));
        errors.ShouldContain(sentence, Case.Sensitive, string.Join(' ', line));
    }

    private static IEnumerable<string> Names(IEnumerable<Option> options) =>
        options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith('-'));

    /// <summary>Variants with a letter dropped, doubled, or swapped with the next.</summary>
    private static IEnumerable<string> Misspellings(string name)
    {
        for (var i = name.LastIndexOf("--", StringComparison.Ordinal) + 2; i < name.Length; i++)
        {
            yield return name.Remove(i, 1);
            yield return name.Insert(i, name[i..(i + 1)]);
            if (i + 1 < name.Length)
            {
                yield return $"{name[..i]}{name[i + 1]}{name[i]}{name[(i + 2)..]}";
            }
        }
    }
}
