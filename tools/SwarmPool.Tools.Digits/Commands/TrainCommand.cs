using System.CommandLine;
using System.Diagnostics;

namespace SwarmPool.Tools.Digits.Commands;

internal static class TrainCommand
{
    public static Command Create()
    {
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "The model folder to write: digits.onnx and model.json.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits")),
        };
        var command = new Command("train", "Trains the network and writes its model folder, bit for bit the same each time.") { output };
        command.SetAction(result => Run(result.InvocationConfiguration.Output, result.GetRequiredValue(output)));
        return command;
    }

    private static int Run(TextWriter console, DirectoryInfo folder)
    {
        var clock = Stopwatch.StartNew();
        var model = DigitModel.Train();
        folder.Create();
        File.WriteAllBytes(Path.Combine(folder.FullName, DigitModel.FileName), model.Onnx);
        File.WriteAllBytes(Path.Combine(folder.FullName, "model.json"), model.Manifest);
        console.WriteLine(FormattableString.Invariant(
            $"{folder.FullName}: {model.Onnx.Length} bytes, {model.HeldOutRight} of {model.HeldOutCount} held-out pictures right, {clock.Elapsed.TotalSeconds:F1} s"));
        return 0;
    }
}
