using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.Functions.Configuring;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Rollouts;

/// <summary>Changes rollouts over HTTP. Each change creates a version of the document, like any other change.</summary>
public sealed class RolloutHandler(
    RolloutServices services, DocumentChanges changes, DocumentReader reader, RolloutSteps steps, DatabaseGuard guard)
{
    private const string Action = "rollout";
    private const int MaxBytes = 1 << 10;
    private const int MaxAttempts = 5;

    /// <summary>Sets the percentage of a flag, and enables it.</summary>
    public async Task<IActionResult> SetAsync(string? flag, Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await DocumentBody.ReadAsync(request, MaxBytes, cancellationToken) is not { } body)
        {
            return ConfigProblems.TooLarge(MaxBytes);
        }

        return !DocumentText.TryRead(body.Span, out var content, out var fault) || Percentage(content, out fault) is not { } percentage
            ? ConfigProblems.Faults([fault!], "The step cannot be made, and nothing was changed.")
            : await EditAsync(
                flag, caller, request, string.Create(CultureInfo.InvariantCulture, $"rollout {flag}: {percentage:0.####} %"),
                document => RolloutEdit.SetPercentage(document, flag!, percentage), cancellationToken);
    }

    /// <summary>Disables or enables a flag; its percentage is kept.</summary>
    public Task<IActionResult> SwitchAsync(
        string? flag, bool enabled, Caller caller, HttpRequest request, CancellationToken cancellationToken) => EditAsync(
        flag, caller, request, $"rollout {flag}: {(enabled ? "resumed" : "paused")}",
        document => RolloutEdit.SetEnabled(document, flag!, enabled), cancellationToken);

    /// <summary>
    /// Restores the latest earlier state of a flag that turns on fewer symbols or, for a flag without symbols, has a smaller percentage.
    /// Without such a state, disables the flag.
    /// </summary>
    public Task<IActionResult> RollBackAsync(string? flag, Caller caller, HttpRequest request, CancellationToken cancellationToken) =>
        RespondAsync(async () =>
        {
            var service = await services.ResolveAsync(request, cancellationToken);
            if (ChangeHandler.ReadChange(service, Action, caller, request, out var change, RolloutServices.Parameter) is { } problem)
            {
                return problem;
            }

            for (var attempt = 1; ; attempt++)
            {
                var newest = await reader.NewestAsync(service.Service, cancellationToken);
                RequireRollout(service, newest.Read(), flag);
                var (version, earlier) = service.HasRollouts
                    ? await steps.FindLowerAsync(newest, flag!, cancellationToken)
                    : await steps.FindLowerPercentageAsync(newest, flag!, cancellationToken);
                var comment = version is null
                    ? $"rollout {flag}: rolled back, and now off"
                    : $"rollout {flag}: rolled back to version {version.Version}";
                var result = await changes.MakeAsync(
                    change! with { Comment = change.Comment ?? comment, Matches = tag => tag == newest.Tag && change.Matches(tag) },
                    ToEdit(service, flag!, document => RolloutEdit.Restore(document, flag!, earlier)),
                    cancellationToken);
                if (result.State != ChangeOutcome.Overtaken || attempt == MaxAttempts || !change.Matches(result.InForce.Tag))
                {
                    return ChangeHandler.ResponseOf(result, change.DryRun);
                }
            }
        });

    private Task<IActionResult> EditAsync(
        string? flag, Caller caller, HttpRequest request, string comment, Action<JsonObject> edit, CancellationToken cancellationToken) =>
        RespondAsync(async () =>
        {
            var service = await services.ResolveAsync(request, cancellationToken);
            return ChangeHandler.ReadChange(service, Action, caller, request, out var change, RolloutServices.Parameter) is { } problem
                ? problem
                : ChangeHandler.ResponseOf(
                    await changes.MakeAsync(change! with
                    {
                        Comment = change.Comment ?? comment,
                    }, ToEdit(service, flag, edit), cancellationToken), change.DryRun);
        });

    private static Func<StoredDocument, JsonObject?> ToEdit(ServiceDocument service, string? flag, Action<JsonObject> edit) => inForce =>
    {
        var document = inForce.Read();
        RequireRollout(service, document, flag);
        edit(document);
        return document;
    };

    private async Task<IActionResult> RespondAsync(Func<Task<IActionResult>> handle)
    {
        try
        {
            return await guard.RespondAsync(handle);
        }
        catch (RolloutEditException problem)
        {
            return ConfigProblems.StepRefused(problem.IsMissing, problem.Message);
        }
    }

    /// <summary>Requires a rollout that names the flag; for services whose flags turn on no symbols, the flag itself suffices.</summary>
    private static void RequireRollout(ServiceDocument service, JsonObject document, string? flag)
    {
        if (!service.HasRollouts)
        {
            RolloutEdit.Require(document, flag ?? "");
            return;
        }

        var rollouts = RolloutPlan.Read(document).Rollouts;
        if (!rollouts.Any(rollout => rollout.Flag == flag))
        {
            throw new RolloutEditException(
                $"No rollout names a flag '{flag}'; " + (rollouts.Count == 0
                    ? "there are no rollouts. Add one to operational.rollouts: {\"flag\":\"nasdaq\",\"list\":\"nasdaq-100\"}."
                    : $"the flags are {string.Join(", ", rollouts.Select(rollout => rollout.Flag).Distinct())}."),
                isMissing: true);
        }
    }

    private static double? Percentage(JsonObject content, out DocumentFault? fault)
    {
        fault = content.FirstOrDefault(property => property.Key != "percentage") is { Key: { } other }
                ? new DocumentFault($"/{other}", "There is no such field here; the only field is percentage.")
            : content["percentage"] is not JsonValue value || !value.TryGetValue(out double percentage)
            || percentage is not (>= 0 and <= 100)
                ? new DocumentFault("/percentage", "It must be a number from 0 to 100.")
            : null;
        return fault is null ? content["percentage"]!.GetValue<double>() : null;
    }
}
