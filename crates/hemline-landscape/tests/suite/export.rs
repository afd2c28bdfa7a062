//! What other programs read.

use hemline_landscape::{Grid, Landscape, Path, Plane, Surface};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

fn surface(loss: Vec<f64>) -> Surface {
    Surface {
        grid: Grid::new(vec![0.0, 1.0, 2.0], vec![-1.0, 1.0]).unwrap(),
        loss,
        cached_rows: 0,
    }
}

fn path() -> Path {
    Path {
        name: "run".to_owned(),
        iterations: vec![0, 40],
        points: vec![[0.5, 0.25], [1.5, -0.5]],
        loss: vec![3.5, 2.5],
        plane_loss: vec![3.0, 2.0],
        distance: vec![0.5, 0.125],
    }
}

#[test]
fn numpy_reads_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("landscape.npz");
    let surface = surface(vec![1.0, 2.0, f64::NAN, 4.0, 5.0, f64::INFINITY]);
    let plane = Plane::new(
        vec![1.0, 2.0, 3.0],
        [vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]],
    )
    .unwrap();
    let paths = [path(), path()];
    let landscape = Landscape {
        surface: &surface,
        plane: &plane,
        explained_variance_ratio: Some([0.6, 0.2]),
        paths: &paths,
    };
    landscape.save_npz(&file).unwrap();
    let mut npz = NpzReader::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut names = npz.names().unwrap();
    names.sort();
    assert_eq!(names.len(), 6 + 2 * 5, "{names:?}");
    let loss: Array2<f64> = npz.by_name("loss").unwrap();
    assert_eq!(loss.dim(), (2, 3));
    assert_eq!(loss[[1, 0]], 4.0);
    assert!(loss[[0, 2]].is_nan() && loss[[1, 2]].is_infinite());
    let directions: Array2<f64> = npz.by_name("directions").unwrap();
    assert_eq!(directions.row(1).to_vec(), [0.0, 1.0, 0.0]);
    let ratio: Array1<f64> = npz.by_name("explained_variance_ratio").unwrap();
    assert_eq!(ratio.to_vec(), [0.6, 0.2]);
    let points: Array2<f64> = npz.by_name("path_1").unwrap();
    assert_eq!(points.row(1).to_vec(), [1.5, -0.5]);
    let iterations: Array1<i64> = npz.by_name("path_iteration_1").unwrap();
    assert_eq!(iterations.to_vec(), [0, 40]);
    for (name, expected) in [
        ("loss", [3.5, 2.5]),
        ("plane_loss", [3.0, 2.0]),
        ("distance", [0.5, 0.125]),
    ] {
        let values: Array1<f64> = npz.by_name(&format!("path_{name}_0")).unwrap();
        assert_eq!(values.to_vec(), expected);
    }
}

#[test]
fn vtk_holds_finite_cells_and_the_paths() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("landscape.vtk");
    let plane = Plane::line(&[0.0, 0.0], &[1.0, 0.0]).unwrap();
    let gap = surface(vec![1.0, 2.0, f64::NAN, 4.0, 5.0, 6.0]);
    let landscape = Landscape {
        surface: &gap,
        plane: &plane,
        explained_variance_ratio: None,
        paths: &[path()],
    };
    landscape.save_vtk(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    // Five finite points of the grid and two of the path; one whole cell, one line.
    assert!(text.starts_with("# vtk DataFile Version 3.0\n"));
    assert!(
        text.contains("\nPOINTS 7 double\n0 -1 1\n1 -1 2\n0 1 4\n"),
        "{text}"
    );
    assert!(text.contains("\nLINES 1 3\n2 5 6\n"), "{text}");
    assert!(text.contains("\nPOLYGONS 1 5\n4 0 1 3 2\n"), "{text}");
    assert!(text.contains("\nSCALARS iteration int 1\n") && text.ends_with("\n-1\n0\n40\n"));
    assert!(!text.contains("NaN"));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let plane = Plane::line(&[0.0], &[1.0]).unwrap();
    let surface = surface(vec![0.0; 6]);
    let landscape = Landscape {
        surface: &surface,
        plane: &plane,
        explained_variance_ratio: None,
        paths: &[],
    };
    let error = landscape.save_npz("/nowhere/at/all.npz").unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all.npz"), "{error}");
}
