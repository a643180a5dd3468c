using System.CommandLine;
using System.Diagnostics;
using SwarmPool.Tools.Sums.Training;

namespace SwarmPool.Tools.Sums.Commands;

internal static class TrainCommand
{
    private const int Shown = 250;

    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "The model folder to write.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("language-models", SumsModel.Name)),
        };
        var steps = new Option<int>("--steps") { Description = "Fewer steps than a whole training, to see it learn.", DefaultValueFactory = _ => Trainer.Steps };
        steps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > Trainer.Steps)
            {
                result.AddError(FormattableString.Invariant($"--steps is 1 to {Trainer.Steps}."));
            }
        });
        var command = new Command("train", "Trains the network and writes its model folder, bit for bit the same each time.") { output, steps };
        command.SetAction(result => Run(result.InvocationConfiguration.Output, result.GetRequiredValue(output), result.GetValue(steps)));
        return command;
    }

    private static int Run(TextWriter console, DirectoryInfo folder, int steps)
    {
        var clock = Stopwatch.StartNew();
        var model = SumsModel.Train(steps, (step, loss) =>
        {
            if (step % Shown == 0)
            {
                console.WriteLine(FormattableString.Invariant($"step {step} of {steps}: loss {loss:F4}, {clock.Elapsed.TotalSeconds:F0} s"));
            }
        });
        folder.Create();
        File.WriteAllBytes(Path.Combine(folder.FullName, SumsModel.PreciseFile), model.Precise);
        File.WriteAllBytes(Path.Combine(folder.FullName, SumsModel.CoarseFile), model.Coarse);
        File.WriteAllBytes(Path.Combine(folder.FullName, SumsModel.OnnxFile), model.Onnx);
        File.WriteAllBytes(Path.Combine(folder.FullName, "model.json"), model.Manifest);
        var exam = model.Exam;
        console.WriteLine(FormattableString.Invariant(
            $"{folder.FullName}: {exam.RightHeldOut} of {exam.HeldOut} held-out sums right, {exam.Right} of all {exam.All} ({exam.RightCoarse} with 4 bits a weight), {clock.Elapsed.TotalSeconds:F1} s"));
        return 0;
    }
}
