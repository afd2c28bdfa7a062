//! NumPy's archive of arrays.

use std::io::{Error as IoError, Seek, Write};

use ndarray::{ArrayView1, ArrayView2, aview1, aview2};
use ndarray_npy::{NpzWriter, WriteNpzError};

use super::Landscape;

pub(super) fn write(landscape: &Landscape<'_>, file: impl Write + Seek) -> std::io::Result<()> {
    let Landscape {
        surface,
        plane,
        explained_variance_ratio,
        paths,
    } = landscape;
    let mut npz = NpzWriter::new(file);
    let mut add = || -> Result<(), WriteNpzError> {
        let (x, y) = (surface.grid.x(), surface.grid.y());
        npz.add_array("x", &aview1(x))?;
        npz.add_array("y", &aview1(y))?;
        let loss = ArrayView2::from_shape((y.len(), x.len()), &surface.loss);
        npz.add_array("loss", &loss.expect("a surface has a loss for each point"))?;
        npz.add_array("origin", &aview1(plane.origin()))?;
        let directions = plane.directions().concat();
        let directions = ArrayView2::from_shape((2, plane.dimension()), &directions);
        npz.add_array(
            "directions",
            &directions.expect("both are as long as the origin"),
        )?;
        if let Some(ratio) = explained_variance_ratio {
            npz.add_array("explained_variance_ratio", &aview1(ratio))?;
        }
        for (run, path) in paths.iter().enumerate() {
            npz.add_array(format!("path_{run}"), &aview2(&path.points))?;
            for (name, values) in [
                ("loss", &path.loss),
                ("plane_loss", &path.plane_loss),
                ("distance", &path.distance),
            ] {
                npz.add_array(format!("path_{name}_{run}"), &aview1(values))?;
            }
            let iterations: Vec<i64> = path.iterations.iter().map(|&i| i as i64).collect();
            npz.add_array(
                format!("path_iteration_{run}"),
                &ArrayView1::from(&iterations),
            )?;
        }
        Ok(())
    };
    add().map_err(IoError::other)?;
    npz.finish().map_err(IoError::other)?.flush()
}
