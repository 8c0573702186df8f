using System.Globalization;
using System.Text;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.Foundations;
using CloudTicks.Functions.Querying;
using CloudTicks.Ticks.Checks;
using CloudTicks.Timescale;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.DbCommands;

/// <summary>
/// Executes commands. If a command has a fault, none of its ticks are sent. Eight commands run at a time; others wait up to 5 s, and are
/// then refused. A command is admitted when its body has arrived, so that a slow sender does not block others.
/// </summary>
/// <param name="logger">Logs the first invalid command, and outages of the event hub.</param>
public sealed class DbCommandHandler(
    CommandBodies bodies, CommandSender stream, RecordProducer producer, IOptionsMonitor<DbCommandOptions> options,
    IOptionsMonitor<TimescaleOptions> table,
    DbCommandMetrics metrics,
    TimeProvider time, ILogger<DbCommandHandler> logger) : IDisposable
{
    private const int MaxConcurrentCommands = 8;
    private const int RetryAfterSeconds = 5;

    private static readonly TimeSpan SlotTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcknowledgementTimeout = TimeSpan.FromSeconds(10);

    private readonly TickCheck _check = new(TimeSpan.FromDays(3), TimeSpan.FromMinutes(1));

    private readonly SemaphoreSlim _slots = new(MaxConcurrentCommands);
    // Logs only failures, never a recovery, because the success of one call says nothing about other calls.
    private readonly OutageLog _problemLog = new(time);
    private int _refusalLogged;

    /// <summary>Executes a command.</summary>
    /// <returns>
    /// 200 with the number of ticks when the event hub has acknowledged all of them; otherwise a problem: 400 for an invalid command, 408
    /// for a body that takes too long, 413 for one that is too long, 503 when the event hub is unavailable or too many commands are
    /// running.
    /// </returns>
    public async Task<IActionResult> RunAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (producer.HubOutageDuration is not null)
        {
            return Busy(request, "The event hub is unavailable.", "Nothing was saved; send the command again.");
        }

        using var body = await bodies.ReceiveAsync(request, cancellationToken);
        if (body.State != CommandBodyState.Complete)
        {
            return NotReceived(request, body.State);
        }

        if (!await _slots.WaitAsync(SlotTimeout, cancellationToken))
        {
            return Busy(request, "Too many commands at once.", "Nothing was saved; send the command again.");
        }

        try
        {
            return await SaveAsync(request, body.Bytes, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private JsonResponse NotReceived(HttpRequest request, CommandBodyState state) => state switch
    {
        CommandBodyState.TooLarge => TooMuch($"The body has more than {new ByteSize(CommandBodies.MaxBytes)}"),
        CommandBodyState.TooSlow => Refuse(
            StatusCodes.Status408RequestTimeout, "The command did not arrive in time.", "Nothing was saved; send it faster, or in parts."),
        _ => Busy(request, "Too many large commands at once.", "Nothing was saved; send the command again."),
    };

    private async Task<IActionResult> SaveAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var problems = new RequestProblems();
        var command = SaveCommandReader.Read(body.Span, problems, out var isTooLong);
        if (isTooLong)
        {
            return TooMuch($"There are more than {SaveCommandReader.MaxRecords} records");
        }

        var receivedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (command is not null)
        {
            // Check the records even when the command has known faults, so that all faults are reported at once.
            _check.RefusesCrossedCurrencies = options.CurrentValue.RefuseCrossedCurrencies;
            SaveRecordCheck.Check(command, _check, receivedMs, problems);
        }

        if (command is null || problems.Any)
        {
            return InvalidRequest(problems);
        }

        using var timeout = new CancellationTokenSource(AcknowledgementTimeout, time);
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await stream.SaveAsync(command, receivedMs, _check, linkedCancellation.Token);
        }
        catch (EventStreamException problem)
        {
            return Unavailable(request, problem.Message);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Unavailable(request, "it did not acknowledge them in time");
        }

        metrics.Saved(command.Records.Count);
        var outsideCount = OutsideRetention(command, receivedMs);
        var outsideField = outsideCount > 0 ? string.Create(CultureInfo.InvariantCulture, $",\"outside_retention\":{outsideCount}") : "";
        return JsonResponse.Of(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{{\"status\":\"ok\",\"saved\":{command.Records.Count}{outsideField}}}")));
    }

    /// <summary>Returns the number of ticks outside the table's retention: archive and NATS get them, the table does not.</summary>
    private int OutsideRetention(SaveCommand command, long nowMs)
    {
        long? oldestMs = table.CurrentValue.RetentionWindow is { } window ? nowMs - (long)window.TotalMilliseconds : null;
        return command.Records.Count(record => record.TimestampMs < oldestMs);
    }

    private JsonResponse InvalidRequest(RequestProblems problems)
    {
        metrics.Refused(StatusCodes.Status400BadRequest);
        if (Interlocked.Exchange(ref _refusalLogged, 1) == 0)
        {
            logger.FirstCommandRefused(problems.Detail);
        }

        return JsonResponse.Problem(RequestFault.Of(
            StatusCodes.Status400BadRequest, "The command is invalid; nothing was saved.", problems.Faults, problems.Detail));
    }

    private JsonResponse TooMuch(string what) =>
        Refuse(
            StatusCodes.Status413PayloadTooLarge, "The command is too large.",
            $"{what}. Split the command into smaller ones. Nothing was saved.");

    private JsonResponse Unavailable(HttpRequest request, string why)
    {
        if (_problemLog.Failed(out _) != OutageNotice.None)
        {
            logger.CommandNotSaved(why);
        }

        return Busy(request, "The event hub did not accept the ticks.", "Send the command again: repeated ticks are stored only once.");
    }

    private JsonResponse Busy(HttpRequest request, string title, string detail)
    {
        request.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return Refuse(StatusCodes.Status503ServiceUnavailable, title, detail);
    }

    private JsonResponse Refuse(int status, string title, string detail)
    {
        metrics.Refused(status);
        return JsonResponse.Problem(new ProblemDetails { Title = title, Status = status, Detail = detail });
    }
}
