using CloudTicks.Cli.Tests.Decoding;

namespace CloudTicks.Cli.Tests;

public class ProgramTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decode_writes_a_record_before_the_input_ends()
    {
        using var program = CliProcess.Start("decode", "--symbol", "EURUSD,XAUUSD");

        await program.Input.WriteAsync(new KcatOutput().Add(Records.Golden).ToArray(), Cancellation);
        await program.Input.FlushAsync(Cancellation);
        (await program.Output.ReadLineAsync(Cancellation)).ShouldNotBeNull().ShouldStartWith("""{"symbol":"EURUSD",""");

        program.Input.Close();
        (await program.Output.ReadToEndAsync(Cancellation)).ShouldBeEmpty();
        (await program.WaitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Decode_ends_silently_when_the_output_pipe_closes()
    {
        using var program = CliProcess.Start("decode");
        var records = new KcatOutput().Add(Records.Quotes("EURUSD", 5000)).ToArray();

        await program.Input.WriteAsync(records, Cancellation);
        await program.Input.FlushAsync(Cancellation);
        (await program.Output.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        program.Output.Close();

        // The test writes until its own pipe breaks, as kcat does when 'head' has ended.
        await Should.ThrowAsync<IOException>(async () =>
        {
            while (true)
            {
                await program.Input.WriteAsync(records, Cancellation);
            }
        });
        (await program.WaitAsync()).ShouldBe(0);
        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Decode_explains_input_that_is_not_from_kcat()
    {
        using var program = CliProcess.Start("decode");

        await program.Input.WriteAsync("{\"topic\":\"tick_archive\"}\n"u8.ToArray(), Cancellation);
        program.Input.Close();

        (await program.Errors.ReadToEndAsync(Cancellation)).ShouldStartWith("At byte 0 of the input a record should begin");
        (await program.WaitAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData("'EUR USD' is not a symbol", "decode", "--symbol", "EUR USD")]
    [InlineData("--fields", "decode", "--fields", "bid")]
    public async Task Invalid_arguments_are_reported(string sentence, params string[] arguments)
    {
        using var program = CliProcess.Start(arguments);
        program.Input.Close();

        var errors = await program.Errors.ReadToEndAsync(Cancellation);

        errors.ShouldContain(sentence);
        errors.ShouldContain("--help");
        (await program.WaitAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Help_of_decode_has_the_command_to_type()
    {
        using var program = CliProcess.Start("decode", "--help");
        program.Input.Close();

        var help = await program.Output.ReadToEndAsync(Cancellation);

        help.ShouldContain("-f '%R%s' | cloudticks decode");
        help.ShouldContain("--symbol");
        (await program.WaitAsync()).ShouldBe(0);
    }
}
